import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from './input-error.ts';
import { unpackZstandard } from './zstd-frames.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTANDARD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Bytes that suffice to tell. */
export const MAGIC_BYTES = 4;

const CHUNK_BYTES = 262_144;

/**
 * Unpacks gzip and Zstandard, also where several packed files were put together; anything else passes unchanged.
 *
 * @param head the input's first bytes, at least four where it has so many
 */
export function decompress(chunks: AsyncIterable<Buffer>, head: Buffer): AsyncIterable<Buffer> {
  if (head.subarray(0, GZIP.length).equals(GZIP)) return explained(unpackGzip(chunks), 'gzip');
  if (head.subarray(0, ZSTANDARD.length).equals(ZSTANDARD)) {
    return explained(unpackZstandard(chunks), 'Zstandard');
  }
  return chunks;
}

async function* unpackGzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpack = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors of the source come out of the stream that is read.
  pipeline(Readable.from(chunks), unpack, () => {});
  for await (const chunk of unpack) yield chunk as Buffer;
}

/** @throws {InputError} instead of zlib's own error */
async function* explained(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (!/^(?:Z_|ZSTD_|ERR_ZSTD)/.test(code)) throw cause;
    throw new InputError(`the ${name} data is damaged or cut short: ${message}`, { cause });
  }
}
