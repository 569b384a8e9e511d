import type { AddressRange } from '../lists/address-range.ts';
import { joinRanges } from '../lists/join-ranges.ts';
import { HALF_LIVES_KEPT, isNeutral } from '../lists/list-traits.ts';
import type { ListedRange } from '../lists/listed-range.ts';
import type { Feed } from './feed.ts';

/**
 * Merges a feed's current entries with those it listed before: an entry that is gone keeps the day on which it was last
 * listed, until it is three half-lives old. Entries that only name the owner of an address are dropped at once.
 *
 * @param listed the feed's current entries
 * @param before the last list, with entries that were gone by then
 * @param today days since the epoch (UTC)
 * @param mostRanges limit, above which the oldest are left out
 * @returns disjoint ranges in ascending order
 */
export function nextList(
  { kind, halfLifeDays }: Pick<Feed, 'kind' | 'halfLifeDays'>,
  listed: readonly AddressRange[],
  before: Iterable<ListedRange>,
  today: number,
  mostRanges: number,
): ListedRange[] {
  const ranges: ListedRange[] = listed.map(({ family, first, last }) => ({
    family,
    first,
    last,
    lastListedDay: today,
  }));
  if (isNeutral(kind)) return joinRanges(ranges);
  const oldest = today - HALF_LIVES_KEPT * halfLifeDays;
  const gone: ListedRange[] = [];
  for (const range of before) {
    // Entries still listed are dated today. The rest was last seen yesterday or earlier.
    const lastListedDay = Math.min(range.lastListedDay, today - 1);
    if (lastListedDay > oldest) gone.push({ ...range, lastListedDay });
  }
  const room = Math.max(0, mostRanges - ranges.length);
  if (gone.length > room) gone.sort((a, b) => b.lastListedDay - a.lastListedDay).length = room;
  for (const range of gone) ranges.push(range);
  return joinRanges(ranges);
}

/** Moves entries from the day of the last list to today, since the publisher says that nothing has changed. */
export function listedAgain(before: Iterable<ListedRange>, lastDay: number, today: number): ListedRange[] {
  const ranges: ListedRange[] = [];
  for (const range of before) {
    ranges.push(range.lastListedDay === lastDay ? { ...range, lastListedDay: today } : range);
  }
  // Neighbours with different days may now have the same one.
  return joinRanges(ranges);
}
