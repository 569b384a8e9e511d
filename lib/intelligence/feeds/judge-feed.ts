import { type AddressRange, sizeOf } from '../lists/address-range.ts';
import { joinRanges } from '../lists/join-ranges.ts';
import type { Feed } from './feed.ts';
import type { ReadFeed } from './read-feed.ts';

/** Why a list that could be fetched is not believed, in a word. */
export type ContentProblem = 'empty' | 'format' | 'shrunk' | 'too-many' | 'too-broad';

export type Judgement =
  | { readonly isSound: true }
  | { readonly isSound: false; readonly problem: ContentProblem; readonly detail: string };

/** Some publishers leave a line or two that is no entry. */
const UNREADABLE = { share: 0.05, atLeast: 3 };
/** Short lists come and go. */
const SHRINKING = { from: 100, toShare: 0.5 };
/**
 * How many addresses of IPv4 a list may hold that moves scores. Spamhaus DROP, the broadest of the good lists, holds some
 * 20 million. One that names a whole /5 has gone wrong or wants to do harm.
 */
const BROADEST_IPV4 = { malicious: 2n ** 27n, suspicious: 2n ** 27n, 'known-good': 2n ** 26n } as const;
/** And how many blocks of IPv6 as large as a provider's allocation, a /32. */
const BROADEST_IPV6 = 2n ** (128n - 32n) * 4_096n;

/**
 * Says whether a list is to replace the last good one. What it says is untrusted: a page of nonsense, half a list and one
 * that names everything are taken for a fault of the source.
 *
 * @param lastEntries entries of the last good list, as far as it is still in use
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

/** Being in a cloud is neutral, and clouds are large. */
function judgeBreadth(kind: Feed['kind'], ranges: readonly AddressRange[]): Judgement {
  if (kind === 'infrastructure') return { isSound: true };
  const most = { 4: BROADEST_IPV4[kind], 6: BROADEST_IPV6 };
  for (const family of [4, 6] as const) {
    const own = ranges.filter((range) => range.family === family);
    // Most lists are far from it, and need no sorting to see that.
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
