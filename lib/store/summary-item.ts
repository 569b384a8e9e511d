import { contentHash } from '../records/content-hash.ts';
import type { Divergence } from './comparison.ts';
import { furtherSummaryKey, type ItemKey, summaryKey, timeBucket } from './keys.ts';
import { shortMessageId } from './message-id.ts';
import { type SettingsStamp, stampText } from './settings-stamp.ts';
import { SCHEMA_VERSION } from './table-schema.ts';
import type { UnitStatistics } from './unit-statistics.ts';

/** The summary of a storage unit. */
export interface UnitSummary {
  readonly unit: string;
  /** Original ids of the messages it counts. */
  readonly messageIds: readonly string[];
  readonly ingestedAtMs: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly statistics: UnitStatistics;
  /** The settings under which all of it was assessed. */
  readonly settings?: SettingsStamp | undefined;
  /** Where the two scores differ most; see `Divergence`. */
  readonly divergences?: readonly Divergence[];
  /** The address items of the unit: an item not listed here does not exist for readers. */
  readonly items: readonly SummarizedItems[];
}

/** Names an address's items. */
export interface SummarizedItems {
  readonly address: string;
  readonly latestMs: number;
  /** The records' hash of each item, in the order of their connections. */
  readonly records: readonly string[];
}

/** The item as the table holds it: its existence says that the unit is stored. */
export interface SummaryItem extends ItemKey {
  readonly schema: number;
  readonly ingested_at: number;
  readonly expires_at: number;
  readonly time_bucket: string;
  /** See `shortMessageId`. */
  readonly messages: readonly string[];
  readonly statistics: UnitStatistics;
  /** See `stampText`; not in the index. */
  readonly settings?: string;
  /** One JSON text each, since they are read as a whole; not in the index, where they would cost writes. */
  readonly divergences?: readonly string[];
  /** See `timesText`; set when it is written. */
  readonly times?: string;
  /** `address time records...`, one for each address: see `SummarizedItems`. */
  readonly items: readonly string[];
  /** Names the further parts that list the rest of the items, in order; absent if there are none. */
  readonly further?: readonly string[];
}

/** A part of the list of items, if that is too long for one item. */
export interface FurtherSummaryItem extends ItemKey {
  readonly schema: number;
  readonly expires_at: number;
  readonly items: readonly string[];
}

/** A summary laid out as items: all of `further` is written before `first`, which says that everything is there. */
export interface SummaryItems {
  readonly first: SummaryItem;
  readonly further: readonly FurtherSummaryItem[];
}

/**
 * Bytes of entries and message ids in an item; with statistics and divergences it stays below DynamoDB's limit of 400
 * KB.
 */
const MAX_ENTRIES_BYTES = 320_000;

/**
 * Lays out the summary of a unit. A further part is keyed by the entries it lists, so that a delivery which divides the
 * unit differently does not replace the parts that another delivery's summary names.
 */
export function summaryItems(summary: UnitSummary): SummaryItems {
  const { unit, expiresAt } = summary;
  const messages = summary.messageIds.map(shortMessageId);
  const messagesBytes = messages.reduce((sum, id) => sum + id.length + 1, 0);
  const [entries = [], ...rest] = splitEntries(summary.items.map(entryText), messagesBytes);
  const further = rest.map((items) => {
    const hash = contentHash(items.join('\n'));
    const key = furtherSummaryKey(unit, hash);
    return { hash, item: { ...key, schema: SCHEMA_VERSION, expires_at: expiresAt, items } };
  });
  const divergences = (summary.divergences ?? []).map((divergence) => JSON.stringify(divergence));
  const first: SummaryItem = {
    ...summaryKey(unit),
    schema: SCHEMA_VERSION,
    ingested_at: summary.ingestedAtMs,
    expires_at: expiresAt,
    time_bucket: timeBucket('summary', summary.ingestedAtMs, unit),
    messages,
    statistics: summary.statistics,
    ...(summary.settings !== undefined && { settings: stampText(summary.settings) }),
    ...(divergences.length > 0 && { divergences }),
    items: entries,
    ...(further.length > 0 && { further: further.map(({ hash }) => hash) }),
  };
  return { first, further: further.map(({ item }) => item) };
}

function entryText({ address, latestMs, records }: SummarizedItems): string {
  return `${address} ${latestMs} ${records.join(' ')}`;
}

/** @param bytes size of everything else in the first part */
function splitEntries(entries: readonly string[], bytes: number): string[][] {
  const parts: string[][] = [[]];
  let size = bytes;
  for (const entry of entries) {
    const entrySize = entry.length + 1;
    if (size + entrySize > MAX_ENTRIES_BYTES && parts.at(-1)?.length !== 0) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(entry);
    size += entrySize;
  }
  return parts;
}

/** @throws RangeError if the text is not an entry of a summary */
export function readEntry(entry: string): SummarizedItems {
  const [address = '', time, ...records] = entry.split(' ');
  const latestMs = Number(time);
  if (address === '' || records.length === 0 || !Number.isFinite(latestMs)) {
    throw new RangeError(`not an entry of a summary: ${entry.slice(0, 80)}`);
  }
  return { address, latestMs, records };
}
