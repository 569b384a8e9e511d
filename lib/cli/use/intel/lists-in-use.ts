import type { StoredList } from '../../../intelligence/lists/stored-list.ts';
import { readLists } from '../../../store/list-store.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { ListInUse } from '../../results/lists.ts';

/** Reads which lists have not expired. */
export async function listsInUse(table: TableAccess): Promise<ListInUse[]> {
  const lists = await readLists(table, Date.now());
  return lists.map(listInUse);
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
