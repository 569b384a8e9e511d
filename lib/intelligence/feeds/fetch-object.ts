import { GetObjectCommand, type GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { BucketObject } from '../../aws/bucket-object.ts';
import { s3Error } from '../../aws/s3-errors.ts';
import { ServiceError } from '../../aws/service-error.ts';
import { FetchError, type FetchOutcome, type FetchProblem, problemOf } from './fetch-outcome.ts';
import { readListBody } from './list-body.ts';

export interface ObjectOptions {
  /** Of the last good list. */
  readonly etag: string | undefined;
  readonly mostBytes: number;
  readonly signal: AbortSignal;
  readonly s3: S3Client | undefined;
}

const CONNECTION_TIMEOUT_MS = 3_000;
const LONGEST_DETAIL = 200;

/**
 * Fetches a list from a bucket: asks for a version newer than the last good one.
 *
 * @throws {FetchError} or what the connection throws
 */
export async function fetchObject(object: BucketObject, options: ObjectOptions): Promise<FetchOutcome> {
  const answer = await request(object, options);
  if (answer === 'unchanged') return { status: 'unchanged' };
  // In Node it is a Readable.
  const chunks = answer.Body as AsyncIterable<Uint8Array> & { destroy(): void };
  const body = await readListBody(
    { chunks, announcedBytes: answer.ContentLength ?? 0, cancel: async () => chunks.destroy() },
    options.mostBytes,
  );
  return { status: 'fetched', body, validators: answer.ETag === undefined ? {} : { etag: answer.ETag } };
}

async function request(
  { bucket: Bucket, key: Key }: BucketObject,
  { etag, signal, s3 = sharedClient() }: ObjectOptions,
): Promise<GetObjectCommandOutput | 'unchanged'> {
  try {
    const command = new GetObjectCommand({ Bucket, Key, ...(etag !== undefined && { IfNoneMatch: etag }) });
    return await s3.send(command, { abortSignal: signal });
  } catch (error) {
    const status = statusOf(error);
    if (status === 304 && etag !== undefined) return 'unchanged';
    if (signal.aborted) throw error;
    const { message } = s3Error(error);
    throw new FetchError(
      status === 0 ? withoutAnswer(error) : problemOf(status),
      message.slice(0, LONGEST_DETAIL),
    );
  }
}

function statusOf(error: unknown): number {
  return (
    (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0
  );
}

/** The problem if there was no answer: the network, or missing credentials. */
function withoutAnswer(error: unknown): FetchProblem {
  const known = s3Error(error);
  return known instanceof ServiceError && known.isTransient ? 'unreachable' : 'refused';
}

let client: S3Client | undefined;

/** Created at first use, and kept with its connections. */
function sharedClient(): S3Client {
  client ??= new S3Client({
    // TLS already protects the data in transit.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS },
  });
  return client;
}
