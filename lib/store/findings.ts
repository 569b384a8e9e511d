import type { Patience } from '../aws/retry.ts';
import { type Finding, type FindingItem, findingItem, readFindingItem } from './finding.ts';
import { type FindingName, findingKey, findingPartition, keyText } from './keys.ts';
import { putRevised } from './put-revised.ts';
import { type GetOptions, getItems, getItemsInOrder, isAlive, query } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { type TimeRange, timeline } from './timeline.ts';

/** Findings are about 600 bytes each. */
const FINDINGS_AT_ONCE = 100;

/**
 * Reads findings by when they were last written, newest first: new ones, and those that got worse.
 *
 * @param range by arrival of the units they were written for
 */
export async function* readFindings(table: TableAccess, range: TimeRange): AsyncGenerator<Finding> {
  const keys = timeline(table, 'finding', range);
  for await (const item of getItemsInOrder<FindingItem>(table, keys, FINDINGS_AT_ONCE)) {
    const finding = isAlive(item, range.nowMs) ? readUnderstood(table, item, readFindingItem) : undefined;
    if (finding !== undefined) yield finding;
  }
}

/** Reads all findings of an address, the latest day first. */
export async function* readFindingsOf(
  table: TableAccess,
  address: string,
  nowMs: number,
): AsyncGenerator<Finding> {
  const items = query<FindingItem>(table, {
    KeyConditionExpression: 'pk = :partition',
    ExpressionAttributeValues: { ':partition': findingPartition(address) },
    ScanIndexForward: false,
  });
  for await (const item of items) {
    const finding = isAlive(item, nowMs) ? readUnderstood(table, item, readFindingItem) : undefined;
    if (finding !== undefined) yield finding;
  }
}

/**
 * Gets findings by name; missing ones are left out.
 *
 * @returns by the text of their keys: see `keyText`
 * @throws {ServiceError}
 */
export async function getFindings(
  table: TableAccess,
  names: readonly FindingName[],
  options: GetOptions = {},
): Promise<Map<string, Finding>> {
  const found = new Map<string, Finding>();
  for await (const item of getItems<FindingItem>(table, names.map(findingKey), options)) {
    const finding = readUnderstood(table, item, readFindingItem);
    if (finding !== undefined) found.set(keyText(item), finding);
  }
  return found;
}

/**
 * Writes a finding.
 *
 * @param finding with the revision that was read, 0 if there was no item
 * @returns false if another writer has written it since
 * @throws {ServiceError}
 */
export function replaceFinding(table: TableAccess, finding: Finding, patience: Patience): Promise<boolean> {
  return putRevised(table, findingItem(finding), 'write a finding', patience);
}
