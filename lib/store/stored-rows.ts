import { deflateSync, inflateSync } from 'node:zlib';

/** Rows of connections as a verdict holds them: one a line, as text or compressed by zlib (RFC 1950). */
export type StoredRows = string | Uint8Array;

/** Most of what it saves at an eighth of the time: rows repeat names and addresses, which any level finds. */
const LEVEL = 1;

/** Below it, compression gains nothing. */
const LEAST_CHARACTERS = 200;

/** @param isCompressed compresses what is long enough for it */
export function storeRows(rows: readonly string[], isCompressed: boolean): StoredRows {
  const text = rows.join('\n');
  if (!isCompressed || text.length < LEAST_CHARACTERS) return text;
  return deflateSync(text, { level: LEVEL });
}

export function readRows(stored: StoredRows): string[] {
  const text = typeof stored === 'string' ? stored : inflateSync(stored).toString('utf8');
  return text.split('\n');
}
