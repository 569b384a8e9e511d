import { deflateSync, inflateSync } from 'node:zlib';

/** Text as an item holds it: as it is, or compressed by zlib (RFC 1950). */
export type StoredText = string | Uint8Array;

/**
 * Bytes of text that cost one write unit at most, with some 300 bytes that stand in an item beside it. Compressing what
 * fits would take time for nothing.
 */
const ONE_UNIT_BYTES = 1024 - 300;

/**
 * Measured on texts of 1 to 14 kB: a higher level or a larger window saves less than 2 % and takes longer, most of it
 * to set up a compressor for each text.
 */
const OPTIONS = { level: 1, windowBits: 12, memLevel: 5, chunkSize: 2_048 };

/** Compresses text where that saves write units. */
export function storeText(text: string): StoredText {
  return Buffer.byteLength(text) <= ONE_UNIT_BYTES ? text : deflateSync(text, OPTIONS);
}

/**
 * Gives an item with its `content`, if it has one, as it is written: compressed only then, since verdicts don't wait
 * for it. What cannot be compressed costs more, and fits all the same.
 */
export function withStoredText<Item extends object>(item: Item): Item {
  if (!('content' in item) || typeof item.content !== 'string') return item;
  try {
    return { ...item, content: storeText(item.content) };
  } catch {
    return item;
  }
}

export function readText(stored: StoredText): string {
  return typeof stored === 'string' ? stored : inflateSync(stored).toString('utf8');
}
