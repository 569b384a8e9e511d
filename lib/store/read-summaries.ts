import type { Divergence } from './comparison.ts';
import { summaryKey } from './keys.ts';
import { getItems, getItemsInOrder, isAlive } from './query.ts';
import { readStamp, type SettingsStamp } from './settings-stamp.ts';
import {
  type MessageStatistics,
  readSummarizedItem,
  type SummarizedItem,
  type SummaryItem,
} from './summary-item.ts';
import type { TableAccess } from './table-access.ts';
import { type TimelineEntry, type TimeRange, timeline } from './timeline.ts';

/** A message's summary as read from the table. */
export interface ReadSummary {
  /** Content hash of the message. */
  readonly message: string;
  readonly ingestedAtMs: number;
  readonly statistics: MessageStatistics;
  /** The settings that were in force; undefined where the summary does not say. */
  readonly settings?: SettingsStamp;
  /** Where the two scores differ most, the largest first. */
  readonly divergences: readonly Divergence[];
  readonly items: readonly SummarizedItem[];
}

export interface StatisticsEntry extends TimelineEntry {
  readonly statistics: MessageStatistics;
  readonly latency_ms: number;
}

/** Statistics of the messages that arrived in a time range, newest first, from the index alone. */
export function readStatistics(table: TableAccess, range: TimeRange): AsyncGenerator<StatisticsEntry> {
  return timeline(table, 'summary', range);
}

/** Summaries of messages by their content hash, in no particular order; unknown messages are left out. */
export async function* readSummaries(
  table: TableAccess,
  messages: readonly string[],
  nowMs: number,
): AsyncGenerator<ReadSummary> {
  const keys = messages.map((message) => summaryKey(message));
  for await (const item of getItems<SummaryItem>(table, keys)) {
    if (isAlive(item, nowMs)) yield await complete(table, item);
  }
}

/** Summaries are up to 400 KB each. */
const SUMMARIES_AT_ONCE = 10;

/** Summaries of the messages that arrived in a time range, newest first, with the items that they list. */
export async function* readSummariesBetween(
  table: TableAccess,
  range: TimeRange,
): AsyncGenerator<ReadSummary> {
  const keys = timeline(table, 'summary', range);
  for await (const item of getItemsInOrder<SummaryItem>(table, keys, SUMMARIES_AT_ONCE))
    yield await complete(table, item);
}

/** Adds the items that a large summary lists in further parts. */
async function complete(table: TableAccess, item: SummaryItem): Promise<ReadSummary> {
  const message = item.pk.split('#')[1] ?? '';
  const entries = [...item.items];
  const further = Array.from({ length: (item.summary_parts ?? 1) - 1 }, (_, n) => summaryKey(message, n + 1));
  let parts = 1;
  for await (const part of getItems<SummaryItem>(table, further)) {
    entries.push(...part.items);
    parts++;
  }
  if (parts <= further.length) throw new RangeError(`the summary of message ${message} lacks a part`);
  if (item.statistics === undefined)
    throw new RangeError(`the summary of message ${message} has no statistics`);
  const settings = item.settings === undefined ? undefined : readStamp(item.settings);
  return {
    message,
    ingestedAtMs: item.ingested_at,
    statistics: item.statistics,
    ...(settings !== undefined && { settings }),
    divergences: (item.divergences ?? []).map((text) => JSON.parse(text) as Divergence),
    items: entries.map(readSummarizedItem),
  };
}
