import { createGunzip } from 'node:zlib';
import { InputError, WrongDataError } from './input-error.ts';
import { Unpacking } from './unpacking.ts';
import { unpackZstandard } from './zstd-frames.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTANDARD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

const CHUNK_BYTES = 262_144;
/** Compressed bytes processed at a time: they may expand a thousandfold. */
const PIECE_BYTES = 16_384;
/** Error codes of damaged data. */
const WRONG_DATA: ReadonlySet<string> = new Set([
  'Z_DATA_ERROR',
  'ZSTD_error_checksum_wrong',
  'ZSTD_error_corruption_detected',
]);
/** zlib's code for data that is valid so far but truncated. */
const CUT_SHORT = 'Z_BUF_ERROR';

/**
 * Decompresses gzip and Zstandard, including concatenated files; anything else passes through unchanged.
 *
 * @param head the input's first bytes, at least four if the input is that long
 */
export function decompress(chunks: AsyncIterable<Buffer>, head: Buffer): AsyncIterable<Buffer> {
  if (head.subarray(0, GZIP.length).equals(GZIP)) return explained(unpackGzip(chunks), 'gzip');
  if (head.subarray(0, ZSTANDARD.length).equals(ZSTANDARD)) {
    return explained(unpackZstandard(chunks), 'Zstandard');
  }
  return chunks;
}

/** @throws Error with one of zlib's codes if the data is damaged or truncated, after yielding everything before it */
async function* unpackGzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacking = new Unpacking(createGunzip({ chunkSize: CHUNK_BYTES }));
  // Damage may garble the output before zlib detects it, so the last piece is held back until the next one.
  let held: readonly Buffer[] = [];
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length && !unpacking.hasEnded; at += PIECE_BYTES) {
        await unpacking.feed(chunk.subarray(at, at + PIECE_BYTES));
        yield* held;
        held = unpacking.takeOutput();
      }
    }
    if (!unpacking.hasEnded) await unpacking.end();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === CUT_SHORT || !code?.startsWith('Z_')) yield* [...held, ...unpacking.takeOutput()];
    throw error;
  } finally {
    unpacking.destroy();
  }
  yield* [...held, ...unpacking.takeOutput()];
}

/** @throws {InputError} instead of zlib's own error */
async function* explained(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (!/^(?:Z_|ZSTD_|ERR_ZSTD)/.test(code)) throw cause;
    const Kind = WRONG_DATA.has(code) ? WrongDataError : InputError;
    throw new Kind(`the ${name} data is damaged or truncated: ${message}`, { cause });
  }
}
