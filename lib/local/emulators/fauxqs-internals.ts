import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { buildApp } from 'fauxqs';

export type SqsApp = ReturnType<typeof buildApp>;
type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
export type SqsStore = Stores['sqsStore'];
export type S3Store = Stores['s3Store'];
type S3Persistence = NonNullable<S3Store['persistence']>;
export type SqsQueue = ReturnType<SqsStore['createQueue']>;
export type SqsMessage = SqsQueue['messages'][number];

/** Receives a store's changes. */
export type SqsPersistence = NonNullable<SqsStore['persistence']>;

/**
 * Characters that SQS accepts in a body: those of XML 1.0 (Amazon SQS API Reference, SendMessage). fauxqs only accepts
 * those of the basic plane and would reject an emoji.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: tab and line ends are among them
const SENDABLE_TEXT = /^[\x09\x0a\x0d\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/**
 * New, empty stores for fauxqs' `buildApp`.
 *
 * It takes them as an argument, but the package does not export their classes; its own starter, which does not need
 * them, listens on every interface. So the pinned version's files are imported directly, bypassing the package's
 * exports.
 */
export async function createStores(): Promise<Stores> {
  const { INVALID_MESSAGE_BODY_CHAR } = (await load('dist/sqs/sqsTypes.js')) as {
    INVALID_MESSAGE_BODY_CHAR: RegExp;
  };
  INVALID_MESSAGE_BODY_CHAR.test = (text) => !SENDABLE_TEXT.test(text);

  const [sqs, sns, s3] = await Promise.all([
    load('dist/sqs/sqsStore.js') as Promise<{ SqsStore: new () => Stores['sqsStore'] }>,
    load('dist/sns/snsStore.js') as Promise<{ SnsStore: new () => Stores['snsStore'] }>,
    load('dist/s3/s3Store.js') as Promise<{ S3Store: new () => Stores['s3Store'] }>,
  ]);
  return { sqsStore: new sqs.SqsStore(), snsStore: new sns.SnsStore(), s3Store: new s3.S3Store() };
}

/** Keeps the objects of buckets in a folder, including those of an earlier run. */
export async function keepObjects(store: S3Store, folder: string): Promise<void> {
  const { FileS3Persistence } = (await load('dist/s3/fileS3Persistence.js')) as {
    FileS3Persistence: new (folder: string) => S3Persistence & { loadS3(store: S3Store): void };
  };
  const persistence = new FileS3Persistence(folder);
  // Loaded before persistence is attached: otherwise everything would be written again.
  persistence.loadS3(store);
  store.persistence = persistence;
}

async function load(file: string) {
  const packageJson = findPackageJSON('fauxqs', import.meta.url);
  if (packageJson === undefined) throw new Error('the package fauxqs is not installed');
  return await import(new URL(file, pathToFileURL(packageJson)).href);
}
