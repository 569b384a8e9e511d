import type { AddressRange } from '../lists/address-range.ts';
import { joinRanges } from '../lists/join-ranges.ts';
import { HALF_LIVES_KEPT, isNeutral } from '../lists/list-traits.ts';
import type { ListedRange } from '../lists/listed-range.ts';
import type { Feed } from './feed.ts';

/**
 * Puts what a feed lists today together with what it listed before: an entry that is gone keeps the day on which it was
 * last listed, until it is three half-lives old. What only says who owns an address is gone at once.
 *
 * @param listed what the feed lists now
 * @param before the last list, with entries that were gone by then
 * @param today days since the epoch (UTC)
 * @param mostRanges of which the oldest are left out
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
    // What is still listed is listed today. The rest was last seen yesterday, or earlier.
    const lastListedDay = Math.min(range.lastListedDay, today - 1);
    if (lastListedDay > oldest) gone.push({ ...range, lastListedDay });
  }
  const room = Math.max(0, mostRanges - ranges.length);
  if (gone.length > room) gone.sort((a, b) => b.lastListedDay - a.lastListedDay).length = room;
  for (const range of gone) ranges.push(range);
  return joinRanges(ranges);
}

/** Says of what was listed on one day that it is listed on another, since the publisher says that nothing has changed. */
export function listedAgain(before: Iterable<ListedRange>, lastDay: number, today: number): ListedRange[] {
  const ranges: ListedRange[] = [];
  for (const range of before) {
    ranges.push(range.lastListedDay === lastDay ? { ...range, lastListedDay: today } : range);
  }
  // Neighbours of different days may have come to be of one.
  return joinRanges(ranges);
}
