/** An address as 32-bit words, most significant first: one for IPv4, four for IPv6. */
export const WORDS = { 4: 1, 6: 4 } as const;

const WORD_BITS = 32n;
const WORD_MASK = 0xffff_ffffn;

/** Writes an address, given as a number, into columns of words, at the given index of each. */
export function writeWords(position: bigint, columns: readonly Uint32Array[], at: number): void {
  let rest = position;
  for (const column of columns.toReversed()) {
    column[at] = Number(rest & WORD_MASK);
    rest >>= WORD_BITS;
  }
}

/** Reads an address as a number from columns of words. */
export function readWords(columns: readonly Uint32Array[], at: number): bigint {
  let position = 0n;
  for (const column of columns) position = (position << WORD_BITS) | BigInt(column[at] ?? 0);
  return position;
}

/** @returns empty columns for the given number of addresses */
export function wordColumns(family: 4 | 6, count: number): Uint32Array[] {
  return Array.from({ length: WORDS[family] }, () => new Uint32Array(count));
}

const DOT = 46;
const COLON = 58;
const ZERO = 48;
const LETTER_A = 97;
const GROUPS = 8;

/**
 * Parses an address character by character: this is done for each look-up, and a general parser takes longer than the
 * search.
 *
 * @param address in canonical form
 * @param words output, written from index 0
 * @returns the number of words
 */
export function parseWords(address: string, words: Uint32Array): 1 | 4 {
  if (!address.includes(':')) {
    words[0] = parseOctets(address);
    return 1;
  }
  let group = 0;
  let groups = 0;
  let gapAt = -1;
  let isOpen = false;
  words.fill(0, 0, WORDS[6]);
  for (let at = 0; at < address.length; at++) {
    const code = address.charCodeAt(at);
    if (code !== COLON) {
      group = group * 16 + (code >= LETTER_A ? code - LETTER_A + 10 : code - ZERO);
      isOpen = true;
      continue;
    }
    if (isOpen) setGroup(words, groups++, group);
    else gapAt = groups;
    if (at === 0) at++;
    group = 0;
    isOpen = false;
  }
  if (isOpen) setGroup(words, groups++, group);
  if (gapAt >= 0) openGap(words, gapAt, groups);
  return 4;
}

function parseOctets(address: string): number {
  let value = 0;
  let octet = 0;
  for (let at = 0; at < address.length; at++) {
    const code = address.charCodeAt(at);
    if (code === DOT) {
      value = value * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + code - ZERO;
  }
  return value * 256 + octet;
}

function setGroup(words: Uint32Array, index: number, group: number): void {
  const word = index >> 1;
  words[word] = (words[word] ?? 0) | (index % 2 === 0 ? group << 16 : group);
}

/** Moves the groups after `::` to the end. */
function openGap(words: Uint32Array, gapAt: number, groups: number): void {
  for (let n = 1; n <= groups - gapAt; n++) {
    const from = groups - n;
    const group = ((words[from >> 1] ?? 0) >>> (from % 2 === 0 ? 16 : 0)) & 0xffff;
    words[from >> 1] = (words[from >> 1] ?? 0) & (from % 2 === 0 ? 0xffff : 0xffff_0000);
    setGroup(words, GROUPS - n, group);
  }
}
