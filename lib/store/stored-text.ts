import { deflateSync, inflateSync } from 'node:zlib';

/** Text as an item holds it: plain, or compressed by zlib (RFC 1950). */
export type StoredText = string | Uint8Array;

/**
 * Bytes of text that fit one write unit, along with about 300 bytes for the rest of the item. Compressing a text that
 * fits would save nothing.
 */
const ONE_UNIT_BYTES = 1024 - 300;

/**
 * Measured on texts of 1 to 14 kB: a higher level or a larger window saves less than 2 % and takes longer, mostly to
 * set up a compressor for each text.
 */
const OPTIONS = { level: 1, windowBits: 12, memLevel: 5, chunkSize: 2_048 };

/** Compresses text if that saves write units. */
export function storeText(text: string): StoredText {
  return Buffer.byteLength(text) <= ONE_UNIT_BYTES ? text : deflateSync(text, OPTIONS);
}

/**
 * Returns an item as it is written, with its `content`, if any, compressed. This happens only on writing, since
 * verdicts don't wait for it. Incompressible content costs more, but still fits.
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
