import { shortHash } from '../workload/canonical.ts';
import type { Discrepancies } from './discrepancies.ts';
import { COUNTS, type Expectation, expectedUnit, minuteOfUnit } from './expectation.ts';
import { readStored, type StoredItem, type StoredSummary, type WireItem } from './stored-form.ts';

/** A unit's content in the table. */
export interface UnitReading {
  readonly summary: StoredSummary | undefined;
  /** The items named by the summary, which readers must show. */
  readonly items: readonly StoredItem[];
}

interface UnitItems {
  readonly items: StoredItem[];
  readonly summaries: StoredSummary[];
}

/** Groups the table by unit and reads the items that each summary names. */
export function readUnits(table: Iterable<WireItem>, discrepancies: Discrepancies): Map<string, UnitReading> {
  const units = new Map<string, UnitItems>();
  const unitOf = (unit: string): UnitItems => {
    const there = units.get(unit) ?? { items: [], summaries: [] };
    units.set(unit, there);
    return there;
  };
  for (const wire of table) {
    const stored = readStored(wire);
    if (stored.kind === 'item') unitOf(stored.item.unit).items.push(stored.item);
    else if (stored.kind === 'summary') unitOf(stored.summary.unit).summaries.push(stored.summary);
  }
  return new Map([...units].map(([unit, there]) => [unit, readUnit(unit, there, discrepancies)]));
}

function readUnit(unit: string, { items, summaries }: UnitItems, discrepancies: Discrepancies): UnitReading {
  const summary = summaries.find(({ partHash }) => partHash === '');
  if (summary === undefined) return { summary, items: [] };
  const entries = [...summary.items];
  for (const hash of summary.further) {
    const part = summaries.find(({ partHash }) => partHash === hash);
    if (part === undefined) discrepancies.add('a part of a summary is missing', `${unit} ${hash}`);
    else entries.push(...part.items);
  }
  const byName = new Map(items.map((item) => [nameOf(item), item]));
  const named: StoredItem[] = [];
  for (const entry of entries) {
    const [address, time, ...hashes] = entry.split(' ');
    if (hashes.length === 0) discrepancies.add('a summary names no item of an address', `${unit} ${entry}`);
    for (const hash of hashes) {
      const name = `${address} ${time} ${hash}`;
      const item = byName.get(name);
      if (item === undefined) discrepancies.add('an item that a summary names is missing', `${unit} ${name}`);
      else named.push(item);
    }
  }
  return { summary, items: named };
}

function nameOf({ address, latestMs, recordsHash }: StoredItem): string {
  return `${address} ${latestMs} ${recordsHash}`;
}

/** Checks every item of the table separately, named or not: leftovers are allowed, wrong content is not. */
export function auditItems(
  table: Iterable<WireItem>,
  expected: Expectation,
  discrepancies: Discrepancies,
  audited: WeakSet<WireItem>,
): void {
  for (const wire of table) {
    if (audited.has(wire)) continue;
    audited.add(wire);
    const stored = readStored(wire);
    if (stored.kind === 'item') auditItem(stored.item, expected, discrepancies);
    if (stored.kind === 'summary') auditSummary(stored.summary, expected, discrepancies);
  }
}

/** Remote addresses of records that may be in a unit, by canonical text; undefined if nothing was sent for it. */
function sentRecords(
  unit: string,
  { packed, recordsOfMinute }: Expectation,
): ReadonlyMap<string, string> | undefined {
  const minute = minuteOfUnit(unit);
  if (minute === undefined) return packed.get(unit)?.distinct;
  return recordsOfMinute(minute);
}

function auditSummary(
  { unit, partHash, items }: StoredSummary,
  expected: Expectation,
  discrepancies: Discrepancies,
): void {
  if (sentRecords(unit, expected) === undefined)
    discrepancies.add('a summary of something that nobody sent', unit);
  if (partHash !== '' && partHash !== shortHash(items.join('\n')))
    discrepancies.add('the hash in a key is not of its list', `${unit} ${partHash}`);
}

function auditItem(item: StoredItem, expected: Expectation, discrepancies: Discrepancies): void {
  const { key } = item;
  if (item.recordsHash !== item.actualHash) discrepancies.add('the hash in a key is not of its records', key);
  if (item.lastMs > item.latestMs) discrepancies.add('an item is later than its key says', key);
  if (item.threatScore !== item.highestVerdict)
    discrepancies.add('threat_score is not the highest verdict', key);
  if (item.records.length === 0) discrepancies.add('an item without records', key);
  const sent = sentRecords(item.unit, expected);
  if (sent === undefined) {
    discrepancies.add('an item of something that nobody sent', key);
    return;
  }
  for (const { canonical } of item.records) {
    const address = sent.get(canonical);
    if (address === undefined) discrepancies.add('a stored record that nobody sent', `${key} ${canonical}`);
    else if (address !== item.address)
      discrepancies.add('a record at another address', `${key} ${canonical}`);
  }
}

/** Checks that a unit holds exactly what was sent in the messages it counts. */
export function auditUnit(
  unit: string,
  reading: UnitReading | undefined,
  expected: Expectation,
  discrepancies: Discrepancies,
): void {
  const { summary, items } = reading ?? { summary: undefined, items: [] };
  if (summary === undefined) {
    if (expected.isAcknowledged(unit)) discrepancies.add('acknowledged, and no summary', unit);
    return;
  }
  const wanted = expectedUnit(unit, summary, expected);
  if (wanted === undefined) return;
  const { told, distinct, counts, senders } = wanted;
  const seen = new Set<string>();
  for (const item of items) {
    for (const { canonical } of item.records) {
      if (seen.has(canonical)) discrepancies.add('a record twice in one unit', `${told} ${canonical}`);
      else if (!distinct.has(canonical))
        discrepancies.add('a record of a message that is not counted', `${told} ${canonical}`);
      seen.add(canonical);
    }
  }
  for (const canonical of distinct.keys()) {
    if (!seen.has(canonical)) discrepancies.add('a record is lost', `${told} ${canonical}`);
  }
  for (const name of COUNTS) {
    const is = summary.statistics?.[name];
    if (is !== counts[name])
      discrepancies.add('a summary counts wrong', `${told} ${name}: ${is} for ${counts[name]}`);
  }
  if (summary.messages.length === 0) discrepancies.add('a summary counts no message', told);
  for (const id of summary.messages) {
    if (!senders.has(id))
      discrepancies.add('a summary counts a message that it does not hold', `${told} ${id}`);
  }
  if (new Set(summary.messages).size < summary.messages.length) {
    discrepancies.add('a summary counts a message twice', told);
  }
}

/** Checks that every small message is counted by exactly one summary: none means a loss, two mean wrong statistics. */
export function auditSmallMessages(
  ids: Iterable<string>,
  readings: ReadonlyMap<string, UnitReading>,
  { mostCounts }: Expectation,
  discrepancies: Discrepancies,
): void {
  const counts = new Map<string, number>();
  for (const [unit, { summary }] of readings) {
    if (minuteOfUnit(unit) === undefined) continue;
    for (const id of summary?.messages ?? []) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  for (const id of ids) {
    const count = counts.get(id) ?? 0;
    if (count === 0) discrepancies.add('acknowledged, and no summary', id);
    if (count > mostCounts(id)) discrepancies.add('a message is counted again', `${id}, ${count} times`);
  }
}
