import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { toServiceError } from '../../../aws/service-error.ts';
import type { Interruption } from '../interruption.ts';
import type { BucketAccess } from '../target/open-target.ts';

export interface PutOptions {
  readonly chunks: AsyncIterable<Buffer | string>;
  readonly key: string;
  readonly interruption: Interruption;
  readonly onProgress: (bytes: number) => void;
}

/** S3 allows 10,000 parts of at least 5 MiB; with this size, a file of 80 GB. */
const PART_BYTES = 8 * 2 ** 20;
const MOST_PARTS = 10_000;
const ACTION = 'put the file into the bucket';

/**
 * Uploads a file to a bucket, in parts if it is large; it is stored completely or not at all.
 *
 * @returns its size in bytes
 * @throws {ServiceError}
 * @throws {InterruptedError} if the user interrupted it
 */
export async function putFile(target: BucketAccess, options: PutOptions): Promise<number> {
  const parts = inParts(options.chunks);
  const first = (await parts.next()).value ?? Buffer.alloc(0);
  const second = await parts.next();
  try {
    if (second.done === true) {
      const { client, bucket } = target;
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: options.key, Body: first, ContentLength: first.length }),
      );
      return first.length;
    }
    return await putParts(target, options, following([first, second.value], parts));
  } catch (cause) {
    options.interruption.throwIfInterrupted();
    throw toServiceError(cause, ACTION);
  }
}

async function putParts(
  { client, bucket: Bucket }: BucketAccess,
  { key: Key, interruption, onProgress }: PutOptions,
  parts: AsyncIterable<Buffer>,
): Promise<number> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const upload = { Bucket, Key, UploadId };
  const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
  let bytes = 0;
  try {
    for await (const Body of parts) {
      interruption.throwIfInterrupted();
      const PartNumber = Parts.length + 1;
      if (PartNumber > MOST_PARTS) throw new RangeError(`it has more than ${MOST_PARTS * PART_BYTES} bytes`);
      const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
      Parts.push({ ETag, PartNumber });
      bytes += Body.length;
      onProgress(bytes);
    }
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    return bytes;
  } catch (error) {
    // If that is not permitted, the bucket's lifecycle rule removes the parts.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
    throw error;
  }
}

async function* inParts(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk);
    pending.push(buffer);
    bytes += buffer.length;
    if (bytes < PART_BYTES) continue;
    yield Buffer.concat(pending);
    pending = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pending);
}

async function* following(begun: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* begun;
  yield* rest;
}
