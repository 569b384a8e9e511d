import type { Divergence } from './comparison.ts';
import { furtherSummaryKey, type ItemKey, keyText, summaryKey, unitOfSummary } from './keys.ts';
import { getItems, getItemsInOrder, isAlive } from './query.ts';
import { readUnderstood } from './readable.ts';
import { readStamp, type SettingsStamp } from './settings-stamp.ts';
import {
  type FurtherSummaryItem,
  readEntry,
  type SummarizedItems,
  type SummaryItem,
} from './summary-item.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';
import { type TimelineEntry, type TimeRange, timeline } from './timeline.ts';
import type { UnitStatistics } from './unit-statistics.ts';
import { readTimes, type UnitTimes } from './unit-times.ts';

/** A unit's summary as read from the table. */
export interface ReadSummary {
  readonly unit: string;
  readonly ingestedAtMs: number;
  /** Ids of the messages it counts: see `shortMessageId`. */
  readonly messages: readonly string[];
  readonly statistics: UnitStatistics;
  readonly times: UnitTimes;
  /** The settings that were in force; undefined if the summary does not record them. */
  readonly settings?: SettingsStamp;
  /** Where the two scores differ most, the largest first. */
  readonly divergences: readonly Divergence[];
  readonly items: readonly SummarizedItems[];
}

export interface StatisticsEntry extends TimelineEntry, UnitTimes {
  readonly statistics: UnitStatistics;
}

/** An entry of the index. */
interface IndexEntry extends TimelineEntry {
  readonly statistics?: UnitStatistics;
  readonly times?: string;
}

/** For a summary that does not record how long its unit took. */
const NO_TIMES = '0 0';

/** Reads statistics of the units that arrived in a time range, newest first, from the index alone. */
export async function* readStatistics(table: TableAccess, range: TimeRange): AsyncGenerator<StatisticsEntry> {
  for await (const entry of timeline<IndexEntry>(table, 'summary', range)) {
    const understood = readUnderstood(table, entry, ({ statistics, times = NO_TIMES, ...found }) => {
      if (statistics === undefined) throw new RangeError('it has no statistics');
      return { ...found, statistics, ...readTimes(times) };
    });
    if (understood !== undefined) yield understood;
  }
}

/** Reads summaries by their units, in no particular order; unknown units are left out. */
export async function* readSummaries(
  table: TableAccess,
  units: readonly string[],
  nowMs: number,
): AsyncGenerator<ReadSummary> {
  for await (const item of getItems<SummaryItem>(table, units.map(summaryKey))) {
    const summary = isAlive(item, nowMs) ? await readSummary(table, item) : undefined;
    if (summary !== undefined) yield summary;
  }
}

/** Summaries are up to 400 KB each. */
const SUMMARIES_AT_ONCE = 10;

/** Reads summaries by key, in the order of the keys. */
export async function* readSummariesInOrder(
  table: TableAccess,
  keys: AsyncIterable<ItemKey> | Iterable<ItemKey>,
): AsyncGenerator<ReadSummary> {
  for await (const item of getItemsInOrder<SummaryItem>(table, keys, SUMMARIES_AT_ONCE)) {
    const summary = await readSummary(table, item);
    if (summary !== undefined) yield summary;
  }
}

/** Reads summaries of the units that arrived in a time range, newest first, with the items they list. */
export async function* readSummariesBetween(
  table: TableAccess,
  range: TimeRange,
): AsyncGenerator<ReadSummary> {
  yield* readSummariesInOrder(table, timeline(table, 'summary', range));
}

/** Reads a summary together with its further parts; undefined if it is not understood. */
export async function readSummary(table: TableAccess, item: SummaryItem): Promise<ReadSummary | undefined> {
  const unit = unitOfSummary(item);
  const further = await readFurther(table, item);
  return readUnderstood(table, item, ({ statistics, settings, times = NO_TIMES, ...rest }) => {
    const stamp = settings === undefined ? undefined : readStamp(settings);
    const lists = (rest.further ?? []).map((hash) => further.get(keyText(furtherSummaryKey(unit, hash))));
    if (statistics === undefined) throw new RangeError('it has no statistics');
    if (lists.includes(undefined)) throw new RangeError('one of its parts is missing');
    return {
      unit,
      ingestedAtMs: rest.ingested_at,
      messages: rest.messages ?? [],
      statistics,
      times: readTimes(times),
      ...(stamp !== undefined && { settings: stamp }),
      divergences: (rest.divergences ?? []).map((text) => JSON.parse(text) as Divergence),
      items: [rest.items, ...lists].flatMap((entries = []) => entries.map(readEntry)),
    };
  });
}

/** Gets the lists of items in further parts, by key. */
async function readFurther(table: TableAccess, item: SummaryItem): Promise<Map<string, readonly string[]>> {
  const unit = unitOfSummary(item);
  const hashes = item.schema === SCHEMA_VERSION ? (item.further ?? []) : [];
  const keys = hashes.map((hash) => furtherSummaryKey(unit, hash));
  const found = new Map<string, readonly string[]>();
  for await (const part of getItems<FurtherSummaryItem>(table, keys)) found.set(keyText(part), part.items);
  return found;
}
