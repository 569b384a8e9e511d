import { decompress } from './decompress.ts';
import { type Peeked, peek } from './peek.ts';

/** Enough to identify a binary file, and a text's encoding. */
const HEAD_BYTES = 16;
/** CloudWatch Logs compresses what it sends, and a delivery stream may compress it again. */
const MAX_LAYERS = 2;

export interface Unpacked extends Peeked {
  /** Whether it was compressed at all. */
  readonly wasPacked: boolean;
}

/**
 * Decompresses gzip and Zstandard, also nested; anything else passes through unchanged.
 *
 * @throws {InputError} while reading, if compressed data is damaged
 */
export async function unpack(chunks: AsyncIterable<Buffer | string>): Promise<Unpacked> {
  let plain = await peek(chunks, holdsMagic);
  let layers = 0;
  for (; layers < MAX_LAYERS; layers++) {
    const unpacked = decompress(plain.chunks, plain.head);
    if (unpacked === plain.chunks) break;
    plain = await peek(unpacked, holdsMagic);
  }
  return { ...plain, wasPacked: layers > 0 };
}

function holdsMagic(head: Buffer): boolean {
  return head.length >= HEAD_BYTES;
}
