import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { ServiceError } from '../aws/service-error.ts';
import type { RandomAccess } from '../logs/read-limits.ts';
import type { ObjectVersion } from '../store/log-object.ts';
import { READ_OBJECT, s3Error } from './s3-errors.ts';

/** An object that is being read. */
export interface OpenObject {
  readonly size: number;
  /**
   * All of it, or what is left, in blocks that end at multiples of one size whatever comes over the network, and wherever
   * reading began: what is read of damaged data depends on them.
   *
   * @throws what opening it throws, where it can't be read on
   */
  readonly chunks: AsyncIterable<Buffer>;
  /** Any part of it. */
  readonly random: RandomAccess;
}

export interface OpenOptions {
  /** Where in it to begin, bytes; at its beginning by default. */
  readonly from?: number | undefined;
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

/**
 * Opens an object for reading, in the version that is meant and no other. A connection that breaks is replaced by one
 * that goes on where it was.
 *
 * @throws {ServiceError} if it might be read later
 * @throws {ObjectUnreadableError} if S3 does not hand it out, now or in the midst of it
 * @throws {ObjectReplacedError} as well
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

  /** @throws what failed, where trying again is of no use */
  async #waitAfter(cause: unknown, failures: number): Promise<void> {
    const { signal, wait = sleep } = this.#options;
    const error = s3Error(cause);
    if (!(error instanceof ServiceError) || signal.aborted || failures >= MOST_FAILURES) throw error;
    await wait(RETRY_DELAY_MS * 2 ** failures);
  }
}

/** The bytes of an answer, as long as some come. @throws {ServiceError} if none do */
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
    // Ends the connection too, where the reader has seen enough.
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
