import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { READ_OBJECT, s3Error } from '../aws/s3-errors.ts';
import { ServiceError } from '../aws/service-error.ts';
import type { RandomAccess } from '../logs/read-limits.ts';
import type { ObjectVersion } from '../store/log-object.ts';

/** An object being read. */
export interface OpenObject {
  readonly size: number;
  /**
   * The object, or the rest of it, in blocks aligned to multiples of one size, independent of network chunks and of the
   * starting offset: output from damaged data depends on block boundaries.
   *
   * @throws the errors of opening it, if reading can't continue
   */
  readonly chunks: AsyncIterable<Buffer>;
  /** Random access to it. */
  readonly random: RandomAccess;
}

export interface OpenOptions {
  /** Starting offset, in bytes; 0 by default. */
  readonly from?: number | undefined;
  /** Aborts reading. */
  readonly signal: AbortSignal;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

const BLOCK_BYTES = 262_144;
/** A connection idle for this long is replaced. */
const IDLE_MS = 20_000;
/** Consecutive connections that end without any data. */
const MOST_FAILURES = 4;
const RETRY_DELAY_MS = 250;

/**
 * Opens exactly this version of an object for reading. A broken connection is replaced by one that continues from the
 * same offset.
 *
 * @throws {ServiceError} if it may be readable later
 * @throws {ObjectUnreadableError} if S3 does not return it, at the start or midway
 * @throws {ObjectReplacedError} likewise, if it was replaced
 */
export async function openObject(
  client: S3Client,
  version: ObjectVersion,
  options: OpenOptions,
): Promise<OpenObject> {
  const reading = new ObjectReading(client, version, options);
  try {
    const { from = 0 } = options;
    const first = await reading.get(from === 0 ? undefined : `bytes=${from}-`);
    const size = from + (first.ContentLength ?? 0);
    const random = {
      byteLength: size,
      slice: async (start: number, end = size) => await reading.slice(start, Math.min(end, size)),
    };
    return { size, chunks: inBlocks(reading.all(first, from, size), from), random };
  } catch (cause) {
    throw s3Error(cause);
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

  async *all(first: GetObjectCommandOutput, from: number, size: number): AsyncGenerator<Buffer> {
    let received = from;
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
        if (received < size)
          throw new ServiceError('unavailable', `could not ${READ_OBJECT}: the download ended early`);
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

  /** @throws the failure, if retrying cannot help */
  async #waitAfter(cause: unknown, failures: number): Promise<void> {
    const { signal, wait = sleep } = this.#options;
    const error = s3Error(cause);
    if (!(error instanceof ServiceError) || signal.aborted || failures >= MOST_FAILURES) throw error;
    await wait(RETRY_DELAY_MS * 2 ** failures);
  }
}

/** The bytes of a response, until they stall. @throws {ServiceError} if they do */
async function* impatient({ Body }: GetObjectCommandOutput): AsyncGenerator<Buffer> {
  const body = Body as AsyncIterable<Buffer> & { destroy(error?: Error): void };
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { promise, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(
        () =>
          reject(new ServiceError('timeout', `could not ${READ_OBJECT}: no data for ${IDLE_MS / 1000} s`)),
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
    // Closes the connection even if the reader stops early.
    body.destroy();
  }
}

async function* inBlocks(chunks: AsyncIterable<Buffer>, from: number): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let bytes = 0;
  let room = BLOCK_BYTES - (from % BLOCK_BYTES);
  for await (const chunk of chunks) {
    pending.push(chunk);
    bytes += chunk.length;
    if (bytes < room) continue;
    let rest: Buffer = Buffer.concat(pending);
    for (; rest.length >= room; room = BLOCK_BYTES) {
      yield rest.subarray(0, room);
      rest = rest.subarray(room);
    }
    pending = [rest];
    bytes = rest.length;
  }
  if (bytes > 0) yield Buffer.concat(pending);
}
