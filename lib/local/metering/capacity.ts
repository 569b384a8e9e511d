import type { IndexDefinition, TableDefinition } from '../template/service-definition.ts';
import { type Item, itemSizeBytes } from './item-size.ts';

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

/** On-demand write request units of one write. */
export interface WriteUnits {
  readonly table: number;
  /** For keeping the indexes up to date; charged in addition. */
  readonly indexes: number;
}

/**
 * Write units of putting an item: one per started KB, for the table and for each index that contains the item.
 *
 * The put is assumed to create the item. Overwriting costs the same in the table; in an index it costs nothing if no
 * projected attribute changes, and an additional deletion if an index key changes. Source: Amazon DynamoDB Developer
 * Guide, "DynamoDB read and write operations" and "Using Global Secondary Indexes", provisioned throughput
 * considerations.
 */
export function writeUnitsOfPut(item: Item, table: TableDefinition): WriteUnits {
  let indexes = 0;
  for (const index of table.indexes) {
    const projected = projectOntoIndex(item, index, table);
    if (projected) indexes += unitsOf(itemSizeBytes(projected), WRITE_UNIT_BYTES);
  }
  return { table: unitsOf(itemSizeBytes(item), WRITE_UNIT_BYTES), indexes };
}

/**
 * Read units for a number of bytes: one per started 4 KB if strongly consistent, else half of that. At least the
 * minimum charge, since reading a missing item is charged too.
 */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return unitsOf(bytes, READ_UNIT_BYTES) * (isConsistent ? 1 : 0.5);
}

/** An item's projection onto an index; undefined if the item lacks an index key and so is not in it. */
export function projectOntoIndex(
  item: Item,
  index: IndexDefinition,
  table: TableDefinition,
): Item | undefined {
  const indexKeys = keyNamesOf(index);
  if (indexKeys.some((name) => item[name] === undefined)) return undefined;
  if (index.projection.type === 'ALL') return item;

  const included = index.projection.type === 'INCLUDE' ? index.projection.attributes : [];
  const names = new Set([...indexKeys, ...keyNamesOf(table), ...included]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

function keyNamesOf(keyed: IndexDefinition | TableDefinition): string[] {
  return [keyed.partitionKey.name, ...(keyed.sortKey ? [keyed.sortKey.name] : [])];
}

function unitsOf(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}
