import { type AddressRange, sizeOf } from '../lists/address-range.ts';
import { joinRanges } from '../lists/join-ranges.ts';
import type { Feed } from './feed.ts';
import type { ReadFeed } from './read-feed.ts';

/** Why a fetched list is rejected, as a short code. */
export type ContentProblem = 'empty' | 'format' | 'shrunk' | 'too-many' | 'too-broad';

export type Judgement =
  | { readonly isSound: true }
  | { readonly isSound: false; readonly problem: ContentProblem; readonly detail: string };

/** Some publishers leave a line or two that is not an entry. */
const UNREADABLE = { share: 0.05, atLeast: 3 };
/** Short lists vary a lot. */
const SHRINKING = { from: 100, toShare: 0.5 };
/**
 * How many IPv4 addresses a list that moves scores may hold. Spamhaus DROP, the broadest of the good lists, holds about
 * 20 million. One that names a whole /5 is broken or malicious.
 */
const BROADEST_IPV4 = { malicious: 2n ** 27n, suspicious: 2n ** 27n, 'known-good': 2n ** 26n } as const;
/** Limit for IPv6, as a number of blocks the size of a provider's allocation, a /32. */
const BROADEST_IPV6 = 2n ** (128n - 32n) * 4_096n;

/**
 * Decides whether a list may replace the last good one. Its content is untrusted: nonsense, half a list and a list of
 * everything are treated as faults of the source.
 *
 * @param lastEntries entries of the last good list, if that is still in use
 */
export function judgeFeed(
  feed: Pick<Feed, 'kind' | 'mayBeEmpty'>,
  read: ReadFeed,
  lastEntries: number | undefined,
): Judgement {
  const { entries, dropped, isTooLarge, ranges } = read;
  if (isTooLarge) return unsound('too-many', 'more entries than a list may have');
  const unreadable = (dropped.unreadable ?? 0) + (dropped.name ?? 0);
  const isMostly = unreadable >= Math.max(UNREADABLE.atLeast, entries * UNREADABLE.share);
  if (isMostly || (unreadable === entries && entries > 0)) {
    return unsound('format', `${unreadable} of ${entries} entries are unreadable`);
  }
  if (ranges.length === 0 && !feed.mayBeEmpty) return unsound('empty', 'no usable entries');
  const kept = entries - unreadable;
  if (lastEntries !== undefined && lastEntries >= SHRINKING.from && kept < lastEntries * SHRINKING.toShare) {
    return unsound('shrunk', `${kept} entries, down from ${lastEntries}`);
  }
  return judgeBreadth(feed.kind, ranges);
}

/** Membership in a cloud is neutral, and clouds are large. */
function judgeBreadth(kind: Feed['kind'], ranges: readonly AddressRange[]): Judgement {
  if (kind === 'infrastructure') return { isSound: true };
  const most = { 4: BROADEST_IPV4[kind], 6: BROADEST_IPV6 };
  for (const family of [4, 6] as const) {
    const own = ranges.filter((range) => range.family === family);
    // Most lists are far below the limit, and need no sorting to show it.
    if (held(own) > most[family] && held(disjoint(own)) > most[family]) {
      const detail = `it names more than ${family === 4 ? `${most[4]} addresses` : '4,096 blocks of /32'} of IPv${family}`;
      return unsound('too-broad', detail);
    }
  }
  return { isSound: true };
}

function held(ranges: readonly AddressRange[]): bigint {
  let sum = 0n;
  for (const range of ranges) sum += sizeOf(range);
  return sum;
}

function disjoint(ranges: readonly AddressRange[]): AddressRange[] {
  return joinRanges(ranges.map((range) => ({ ...range, lastListedDay: 0 })));
}

function unsound(problem: ContentProblem, detail: string): Judgement {
  return { isSound: false, problem, detail };
}
