import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { WORDS, wordColumns, writeWords } from './address-words.ts';
import type { ListedRange } from './listed-range.ts';
import { type RangeColumns, RangeSet } from './range-set.ts';

/**
 * A part of a list in its stored form. The words of first addresses, the words of the differences to the last ones, and
 * the days are a column each, and each column is stored by byte, most significant first: in ascending order most bytes
 * are zeros and repeat, so that a million IPv4 addresses take about 2 MB.
 */
export interface PackedRanges {
  readonly family: 4 | 6;
  readonly count: number;
  /** Raw DEFLATE (RFC 1951). */
  readonly bytes: Uint8Array;
}

/** An item of the table holds 400 KB, including key and other attributes. */
const MOST_BYTES = 350_000;
const RANGES_AT_ONCE = { 4: 131_072, 6: 32_768 } as const;
const WORD_BYTES = 4;
const DAY_BYTES = 2;
/** Most of the remaining data is noise: a higher level takes longer and gains a percent. */
const LEVEL = 6;

function bytesOfRange(family: 4 | 6): number {
  return 2 * WORDS[family] * WORD_BYTES + DAY_BYTES;
}

/**
 * Packs a list.
 *
 * @param ranges disjoint and in ascending order, as `joinRanges` returns them
 */
export function packRanges(ranges: readonly ListedRange[]): PackedRanges[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = ranges.filter((range) => range.family === family);
    const parts: PackedRanges[] = [];
    for (let start = 0; start < own.length; start += RANGES_AT_ONCE[family]) {
      parts.push(...packPart(family, own.slice(start, start + RANGES_AT_ONCE[family])));
    }
    return parts;
  });
}

/** Splits a part that does not fit one item in half. */
function packPart(family: 4 | 6, ranges: readonly ListedRange[]): PackedRanges[] {
  const bytes = deflateRawSync(toColumns(family, ranges), { level: LEVEL });
  if (bytes.length <= MOST_BYTES) return [{ family, count: ranges.length, bytes }];
  const half = ranges.length >> 1;
  return [...packPart(family, ranges.slice(0, half)), ...packPart(family, ranges.slice(half))];
}

function toColumns(family: 4 | 6, ranges: readonly ListedRange[]): Uint8Array {
  const count = ranges.length;
  const [first, last] = [wordColumns(family, count), wordColumns(family, count)];
  const days = new Uint16Array(count);
  for (const [n, range] of ranges.entries()) {
    writeWords(range.first, first, n);
    writeWords(range.last, last, n);
    days[n] = range.lastListedDay;
  }
  const packed = new Uint8Array(count * bytesOfRange(family));
  let at = 0;
  for (const column of first) at = writeColumn(packed, at, WORD_BYTES, count, stepsOf(column));
  for (const [word, column] of last.entries()) {
    at = writeColumn(packed, at, WORD_BYTES, count, (n) => (column[n] ?? 0) - (first[word]?.[n] ?? 0));
  }
  writeColumn(packed, at, DAY_BYTES, count, stepsOf(days));
  return packed;
}

/** Differences from one value to the next. */
function stepsOf(column: Uint32Array | Uint16Array): (n: number) => number {
  return (n) => (column[n] ?? 0) - (n > 0 ? (column[n - 1] ?? 0) : 0);
}

/** Writes the least significant bytes of numbers, which may be negative. @returns the position after them */
function writeColumn(
  packed: Uint8Array,
  start: number,
  width: number,
  count: number,
  valueAt: (n: number) => number,
): number {
  for (let n = 0; n < count; n++) {
    const value = valueAt(n);
    for (let byte = 0; byte < width; byte++) {
      packed[start + byte * count + n] = value >> (8 * (width - 1 - byte));
    }
  }
  return start + width * count;
}

/**
 * Unpacks a list.
 *
 * @param parts in the order in which `packRanges` returned them
 * @throws if a part is damaged
 */
export function unpackRanges(parts: readonly PackedRanges[]): RangeSet {
  const families = ([4, 6] as const).map((family) => parts.filter((part) => part.family === family));
  return new RangeSet(families.filter((own) => own.length > 0).map(toSearched));
}

function toSearched(parts: readonly PackedRanges[]): RangeColumns {
  const family = parts[0]?.family ?? 4;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const columns: RangeColumns = {
    family,
    first: wordColumns(family, count),
    last: wordColumns(family, count),
    lastListedDay: new Uint16Array(count),
  };
  let from = 0;
  for (const part of parts) {
    readPart(part, columns, from);
    from += part.count;
  }
  return columns;
}

function readPart({ family, count, bytes }: PackedRanges, columns: RangeColumns, from: number): void {
  const size = count * bytesOfRange(family);
  // A single chunk for all output: smaller ones would have to be joined.
  const packed = inflateRawSync(bytes, { maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, size) });
  if (packed.length !== size) throw new Error(`${packed.length} bytes where ${count} ranges take ${size}`);
  let at = 0;
  for (const column of columns.first) {
    let value = 0;
    for (let n = 0; n < count; n++) {
      value = (value + readWord(packed, at + n, count)) >>> 0;
      column[from + n] = value;
    }
    at += WORD_BYTES * count;
  }
  for (const [word, column] of columns.last.entries()) {
    const first = columns.first[word];
    for (let n = 0; n < count; n++) {
      column[from + n] = (first?.[from + n] ?? 0) + readWord(packed, at + n, count);
    }
    at += WORD_BYTES * count;
  }
  let day = 0;
  for (let n = 0; n < count; n++) {
    day += ((packed[at + n] ?? 0) << 8) | (packed[at + count + n] ?? 0);
    columns.lastListedDay[from + n] = day;
  }
}

/** Combines four bytes that are `stride` apart. */
function readWord(packed: Uint8Array, at: number, stride: number): number {
  const high = ((packed[at] ?? 0) << 24) | ((packed[at + stride] ?? 0) << 16);
  return (high | ((packed[at + 2 * stride] ?? 0) << 8) | (packed[at + 3 * stride] ?? 0)) >>> 0;
}
