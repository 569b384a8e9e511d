import { logObjectKey } from './keys.ts';
import type { LogObject } from './log-object.ts';
import { type LogObjectItem, logObjectOf } from './log-object-item.ts';
import { getItems, getItemsInOrder } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { type TimeRange, timeline } from './timeline.ts';

const OBJECTS_AT_ONCE = 100;

/** Reads objects whose notifications arrived in a time range, newest first. */
export async function* readLogObjects(table: TableAccess, range: TimeRange): AsyncGenerator<LogObject> {
  const keys = timeline(table, 'object', range);
  for await (const item of getItemsInOrder<LogObjectItem>(table, keys, OBJECTS_AT_ONCE)) {
    const object = readUnderstood(table, item, logObjectOf);
    if (object !== undefined) yield object;
  }
}

/**
 * Reads the state of an object; undefined if there is none.
 *
 * @throws {ServiceError}
 */
export async function readLogObject(table: TableAccess, id: string): Promise<LogObject | undefined> {
  for await (const item of getItems<LogObjectItem>(table, [logObjectKey(id)])) {
    return readUnderstood(table, item, logObjectOf);
  }
  return undefined;
}
