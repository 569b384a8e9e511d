import type { FeedState } from '../../../intelligence/feeds/feed-state.ts';
import type { StoredList } from '../../../intelligence/lists/stored-list.ts';
import { readFeedStates } from '../../../store/feed-store.ts';
import { readLists } from '../../../store/list-store.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { FeedTry, ListInUse, ListsInUse } from '../../results/lists.ts';

/** Reads the lists that have not expired, with the result of the last fetch, and feeds without a list. */
export async function listsInUse(table: TableAccess): Promise<ListsInUse> {
  const [lists, states] = await Promise.all([readLists(table, Date.now()), readFeedStates(table)]);
  const inUse = lists.map((list) => {
    const state = states.get(list.source);
    return { ...listInUse(list), ...(state && { feed: feedTry(state) }) };
  });
  const names = new Set(lists.map(({ source }) => source));
  const without = [...states].filter(
    ([name, { problem }]) => !names.has(name) && problem?.kind !== 'key-missing',
  );
  return { lists: inUse, without: without.map(([name, state]) => ({ source: name, feed: feedTry(state) })) };
}

function feedTry({ lastTryMs, failures, problem, good }: FeedState): FeedTry {
  return {
    last_try_at: new Date(lastTryMs).toISOString(),
    ...(good && { fetched_at: new Date(good.atMs).toISOString(), entries: good.entries }),
    failures,
    ...(problem && { problem: problem.kind, detail: problem.detail }),
  };
}

export function listInUse(list: StoredList): ListInUse {
  return {
    source: list.source,
    kind: list.kind,
    family: list.family,
    weight: list.weight,
    half_life_days: list.halfLifeDays,
    addresses: list.addresses,
    ranges: list.ranges,
    left_out: list.leftOut ?? {},
    listed_at: new Date(list.listedAtMs).toISOString(),
    expires_at: new Date(list.expiresAtMs).toISOString(),
  };
}
