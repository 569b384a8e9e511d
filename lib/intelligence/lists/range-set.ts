import { parseWords, readWords, WORDS } from './address-words.ts';
import type { ListedRange } from './listed-range.ts';

/**
 * Ranges of one family in searchable form, disjoint and in ascending order: a range takes 10 bytes for IPv4 and 34 for
 * IPv6, however many addresses it holds.
 */
export interface RangeColumns {
  readonly family: 4 | 6;
  /** A column for each word of the first addresses: one for IPv4, four for IPv6. */
  readonly first: readonly Uint32Array[];
  readonly last: readonly Uint32Array[];
  readonly lastListedDay: Uint16Array;
}

/** Words of the address being looked up; reused, since a look-up is synchronous. */
const wanted = new Uint32Array(WORDS[6]);

/** The addresses on a list. */
export class RangeSet {
  readonly #columns: readonly RangeColumns[];

  /** @param columns at most one of each family */
  constructor(columns: readonly RangeColumns[]) {
    this.#columns = columns;
  }

  /** Number of ranges of both families. */
  get size(): number {
    return this.#columns.reduce((sum, { lastListedDay }) => sum + lastListedDay.length, 0);
  }

  /** Memory use, bytes. */
  get bytes(): number {
    const columns = this.#columns.flatMap(({ first, last, lastListedDay }) => [
      ...first,
      ...last,
      lastListedDay,
    ]);
    return columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * The day on which an address was last listed, days since the epoch; undefined if the list does not name it.
   *
   * @param address in canonical form
   */
  lastListedDay(address: string): number | undefined {
    const words = parseWords(address, wanted);
    for (const columns of this.#columns) {
      if (WORDS[columns.family] === words) return words === 1 ? findIPv4(columns) : findIPv6(columns);
    }
    return undefined;
  }

  /** All ranges, in ascending order within each family. */
  *ranges(): Generator<ListedRange> {
    for (const { family, first, last, lastListedDay } of this.#columns) {
      for (const [n, day] of lastListedDay.entries()) {
        yield { family, first: readWords(first, n), last: readWords(last, n), lastListedDay: day };
      }
    }
  }
}

/** Finds the last range that does not begin after the wanted address, and whether it contains it. */
function findIPv4({ first: [first], last: [last], lastListedDay }: RangeColumns): number | undefined {
  if (first === undefined) return undefined;
  const address = wanted[0] ?? 0;
  let low = 0;
  let high = first.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((first[middle] ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  return low > 0 && (last?.[low - 1] ?? 0) >= address ? lastListedDay[low - 1] : undefined;
}

function findIPv6({ first, last, lastListedDay }: RangeColumns): number | undefined {
  let low = 0;
  let high = lastListedDay.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareWithWanted(first, middle) <= 0) low = middle + 1;
    else high = middle;
  }
  return low > 0 && compareWithWanted(last, low - 1) >= 0 ? lastListedDay[low - 1] : undefined;
}

function compareWithWanted(columns: readonly Uint32Array[], range: number): number {
  for (let word = 0; word < columns.length; word++) {
    const difference = (columns[word]?.[range] ?? 0) - (wanted[word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
