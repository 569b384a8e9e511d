import type { AddressItem } from './address-item.ts';
import { addressItemKey, type ItemKey, keyText, parseAddressItemKey } from './keys.ts';
import { getItems, isAlive } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { SummarizedItems } from './summary-item.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** The items of an address that a unit's summary lists. */
export interface ListedItems extends SummarizedItems {
  readonly unit: string;
}

/** Items that are fetched together: one request, unless they are large. */
const ITEMS_AT_ONCE = 100;

/** Gets listed items, address by address and in the order of the list; expired ones are left out. */
export async function* getListedItems(
  table: TableAccess,
  lists: Iterable<ListedItems>,
  nowMs: number,
): AsyncGenerator<AddressItem[]> {
  let batch: ListedItems[] = [];
  let size = 0;
  for (const list of lists) {
    batch.push(list);
    size += list.records.length;
    if (size < ITEMS_AT_ONCE) continue;
    yield* getBatch(table, batch, nowMs);
    batch = [];
    size = 0;
  }
  yield* getBatch(table, batch, nowMs);
}

async function* getBatch(
  table: TableAccess,
  lists: readonly ListedItems[],
  nowMs: number,
): AsyncGenerator<AddressItem[]> {
  const items = await Array.fromAsync(getItems<AddressItem>(table, lists.flatMap(keysOf)));
  const byUnit = Map.groupBy(items, (item) => parseAddressItemKey(item)?.unit);
  for (const list of lists) yield pickListed(list, byUnit.get(list.unit) ?? [], nowMs);
}

/** Picks the items of an address that a summary lists, in the order of the list, without expired ones. */
export function pickListed(list: ListedItems, items: readonly AddressItem[], nowMs: number): AddressItem[] {
  const byKey = new Map(items.map((item) => [keyText(item), item]));
  return keysOf(list).flatMap((key) => {
    const item = byKey.get(keyText(key));
    return item !== undefined && isAlive(item, nowMs) ? [item] : [];
  });
}

function keysOf({ address, unit, latestMs, records }: ListedItems): ItemKey[] {
  return records.map((hash) => addressItemKey({ address, unit, latestMs, records: hash }));
}

/** Reads items of an address together; if some are not understood, reads the others without them. */
export function readListed<Result>(
  table: TableAccess,
  items: readonly AddressItem[],
  read: (items: readonly AddressItem[]) => readonly Result[],
): readonly Result[] {
  if (items.every(({ schema }) => schema === SCHEMA_VERSION)) {
    try {
      return read(items);
    } catch {
      // One of them is damaged; the loop below finds it.
    }
  }
  return read(items.filter((item) => readUnderstood(table, item, () => read([item])) !== undefined));
}
