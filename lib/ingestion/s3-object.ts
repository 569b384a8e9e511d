import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { ServiceError, toServiceError } from '../aws/service-error.ts';
import { ReportedError } from '../errors/reported-error.ts';
import type { RandomAccess } from '../logs/read-limits.ts';
import type { ObjectVersion } from '../store/log-object.ts';

/** An object that is being read. */
export interface OpenObject {
  readonly size: number;
  /**
   * All of it, in blocks of one size whatever comes over the network: what is read of damaged data depends on them.
   *
   * @throws what opening it throws, where it can't be read on
   */
  readonly chunks: AsyncIterable<Buffer>;
  /** Any part of it. */
  readonly random: RandomAccess;
}

/** S3 does not hand the object out, now or later; the message is one line. */
export class ObjectUnreadableError extends ReportedError {
  override readonly name = 'ObjectUnreadableError';
  readonly code = 'object_unreadable';
}

/** Another version took the place of the one that is read. */
export class ObjectReplacedError extends ReportedError {
  override readonly name = 'ObjectReplacedError';
  readonly code = 'object_replaced';
}

export interface OpenOptions {
  /** When reading ends, whatever is missing. */
  readonly signal: AbortSignal;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

const BLOCK_BYTES = 262_144;
/** A connection that brings nothing for so long is given up for another. */
const IDLE_MS = 20_000;
/** Connections in a row that end without having brought anything. */
const MOST_FAILURES = 4;
const RETRY_DELAY_MS = 250;
const ACTION = 'read the object';

/**
 * Opens an object for reading, in the version that is meant and no other. A connection that breaks is replaced by one
 * that goes on where it was.
 *
 * @throws {ServiceError} where it might be read later
 * @throws {ObjectUnreadableError} where S3 does not hand it out, now or in the midst of it
 * @throws {ObjectReplacedError} as well
 */
export async function openObject(
  client: S3Client,
  version: ObjectVersion,
  options: OpenOptions,
): Promise<OpenObject> {
  const reading = new ObjectReading(client, version, options);
  try {
    const first = await reading.get(undefined);
    const size = first.ContentLength ?? 0;
    const random = {
      byteLength: size,
      slice: async (start: number, end = size) => await reading.slice(start, Math.min(end, size)),
    };
    return { size, chunks: inBlocks(reading.all(first, size)), random };
  } catch (cause) {
    throw explained(cause);
  }
}

class ObjectReading {
  readonly #client: S3Client;
  readonly #version: ObjectVersion;
  readonly #options: OpenOptions;

  constructor(client: S3Client, version: ObjectVersion, options: OpenOptions) {
    this.#client = client;
    this.#version = version;
    this.#options = options;
  }

  async get(range: string | undefined): Promise<GetObjectCommandOutput> {
    const { bucket, key, etag, versionId } = this.#version;
    const request = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      IfMatch: `"${etag}"`,
      ...(versionId !== undefined && { VersionId: versionId }),
      ...(range !== undefined && { Range: range }),
    });
    return await this.#client.send(request, { abortSignal: this.#options.signal });
  }

  async *all(first: GetObjectCommandOutput, size: number): AsyncGenerator<Buffer> {
    let received = 0;
    let failures = 0;
    let answer: GetObjectCommandOutput | undefined = first;
    while (received < size) {
      try {
        answer ??= await this.get(`bytes=${received}-`);
        for await (const chunk of impatient(answer)) {
          received += chunk.length;
          failures = 0;
          yield chunk;
        }
        if (received < size) throw new ServiceError('unavailable', `could not ${ACTION}: it broke off`);
      } catch (cause) {
        await this.#waitAfter(cause, ++failures);
      }
      answer = undefined;
    }
  }

  async slice(start: number, end: number): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(end - start);
    let received = 0;
    for (let failures = 0; received < bytes.length; ) {
      try {
        const answer = await this.get(`bytes=${start + received}-${end - 1}`);
        for await (const chunk of impatient(answer)) {
          bytes.set(chunk.subarray(0, bytes.length - received), received);
          received += chunk.length;
        }
      } catch (cause) {
        await this.#waitAfter(cause, ++failures);
      }
    }
    return bytes.buffer;
  }

  /** @throws what failed, where trying again is of no use */
  async #waitAfter(cause: unknown, failures: number): Promise<void> {
    const { signal, wait = sleep } = this.#options;
    const error = explained(cause);
    if (!(error instanceof ServiceError) || signal.aborted || failures >= MOST_FAILURES) throw error;
    await wait(RETRY_DELAY_MS * 2 ** failures);
  }
}

/** The bytes of an answer, as long as some come. @throws {ServiceError} where none do */
async function* impatient({ Body }: GetObjectCommandOutput): AsyncGenerator<Buffer> {
  const body = Body as AsyncIterable<Buffer> & { destroy(error?: Error): void };
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { promise, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(
        () =>
          reject(new ServiceError('timeout', `could not ${ACTION}: nothing came for ${IDLE_MS / 1000} s`)),
        IDLE_MS,
      );
      try {
        const { value, done } = await Promise.race([iterator.next(), promise]);
        if (done === true) return;
        yield value;
      } finally {
        clearTimeout(timer);
      }
    }
  } finally {
    // Ends the connection too, where the reader has seen enough.
    body.destroy();
  }
}

async function* inBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    pending.push(chunk);
    bytes += chunk.length;
    if (bytes < BLOCK_BYTES) continue;
    const joined = Buffer.concat(pending);
    const whole = joined.length - (joined.length % BLOCK_BYTES);
    for (let at = 0; at < whole; at += BLOCK_BYTES) yield joined.subarray(at, at + BLOCK_BYTES);
    pending = [joined.subarray(whole)];
    bytes = joined.length - whole;
  }
  if (bytes > 0) yield Buffer.concat(pending);
}

/** What S3's errors mean for whoever reads them. Source: Amazon S3 API Reference, "Error responses". */
const REASONS: Readonly<Record<string, string>> = {
  AccessDenied:
    'access is denied, or there is no such object: S3 says the same of both to a role that may not list the bucket',
  InvalidObjectState: 'it is archived: restore it first',
  InvalidRequest: 'it is encrypted with a key that only its owner has (SSE-C)',
  NoSuchBucket: 'there is no such bucket',
  NoSuchKey: 'there is no such object any more',
  NoSuchVersion: 'there is no such version of the object any more',
  'KMS.DisabledException': 'it is encrypted with a key that is disabled',
};

function explained(cause: unknown): ServiceError | ObjectUnreadableError | ObjectReplacedError {
  const { name = '', message = '' } = cause as Partial<Error>;
  if (name === 'PreconditionFailed') {
    return new ObjectReplacedError('another version took the place of the object', { cause });
  }
  const isEncrypted = name === 'AccessDenied' && /kms:/i.test(message);
  const reason = isEncrypted
    ? 'it is encrypted with a key that the function may not use (kms:Decrypt)'
    : REASONS[name];
  if (reason !== undefined) return new ObjectUnreadableError(reason, { cause });
  const error = toServiceError(cause, ACTION);
  return error.isTransient || error.code === 'credentials'
    ? error
    : new ObjectUnreadableError(error.message, { cause });
}
