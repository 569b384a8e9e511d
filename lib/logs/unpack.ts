import { decompress } from './decompress.ts';
import { type Peeked, peek } from './peek.ts';

/** Enough to see what a file is that is no text, and how a text is encoded. */
const HEAD_BYTES = 16;
/** CloudWatch Logs compresses what it sends, and a delivery stream may compress that. */
const MAX_LAYERS = 2;

export interface Unpacked extends Peeked {
  /** Whether it was packed at all. */
  readonly wasPacked: boolean;
}

/**
 * Unpacks gzip and Zstandard, also in one another; anything else passes unchanged.
 *
 * @throws {InputError} if packed data is damaged, on the way
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
