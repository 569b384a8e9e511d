import type { ScorerName } from '../consensus/vote.ts';
import type { LookupOutcome, LookupSource } from '../reputation/lookup.ts';
import type { Comparison, Divergence } from './comparison.ts';
import { type ItemKey, summaryKey, timeBucket } from './keys.ts';
import { type SettingsStamp, stampText } from './settings-stamp.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** Buckets of equal width over the scores from 0 to 1; the last includes 1. */
export const SCORE_BUCKETS = 10;

/** What one message came to. Sums over messages are the service's statistics. */
export interface MessageStatistics {
  /** Records in the message: stored + duplicates + rejected. */
  readonly records: number;
  readonly stored: number;
  /** Records identical to another one of the message. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Distinct scoring inputs. */
  readonly assessments: number;
  /** Those for which the scorers were asked; absent in what was stored before there was another way. */
  readonly consensus_assessments?: number;
  /** Sum of their consensus scores, used or not; absent as above. */
  readonly consensus_score_sum?: number;
  readonly consensus_failures: number;
  /** Assessments for which the legacy scorer was asked and had no score; absent in what was stored before. */
  readonly legacy_failures?: number;
  readonly high_uncertainty: number;
  readonly malicious: number;
  readonly degraded: number;
  /** Assessments for which no source of threat intelligence had an answer. */
  readonly without_evidence: number;
  /** Threat scores of the assessments: their sum, and their number in each bucket. */
  readonly score_sum: number;
  readonly score_histogram: readonly number[];
  readonly scorers: Readonly<Partial<Record<ScorerName, ScorerStatistics>>>;
  /** Absent where no assessment has both scores. */
  readonly comparison?: Comparison;
  /** Addresses by what looking them up came to, for each source; absent where nothing was looked up. */
  readonly lookups?: LookupStatistics;
}

export type LookupStatistics = {
  readonly [Source in LookupSource]?: { readonly [Outcome in LookupOutcome]?: number };
};

export interface ScorerStatistics {
  readonly votes: number;
  readonly failures: number;
  readonly score_sum: number;
  readonly confidence_sum: number;
}

export interface MessageSummary {
  readonly message: string;
  /** SQS message id of a delivery with this content: the first of the last batch that held it. */
  readonly messageId: string;
  readonly ingestedAtMs: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly statistics: MessageStatistics;
  /** The settings by which all of it was assessed. */
  readonly settings?: SettingsStamp | undefined;
  /** Where the two scores differ most; see `Divergence`. */
  readonly divergences?: readonly Divergence[];
  /** The address items that the message wrote. */
  readonly items: readonly SummarizedItem[];
}

/** Enough to rebuild the keys of an address's items. */
export interface SummarizedItem {
  readonly address: string;
  readonly latestMs: number;
  readonly parts: number;
}

/** The item as the table holds it. Only part 0 carries statistics and stands in the time index. */
export interface SummaryItem extends ItemKey {
  readonly schema: number;
  readonly ingested_at: number;
  readonly expires_at: number;
  readonly time_bucket?: string;
  readonly message_id?: string;
  readonly statistics?: MessageStatistics;
  /** See `stampText`; not in the index. */
  readonly settings?: string;
  /** One JSON text each, since they are read as a whole; not in the index, whose writes they would make dearer. */
  readonly divergences?: readonly string[];
  /** From the start of the invocation to the message's verdicts; set when it is written. */
  readonly latency_ms?: number;
  /** Number of items that hold this summary; absent means 1. */
  readonly summary_parts?: number;
  /** `address time parts`, one for each address: see `SummarizedItem`. */
  readonly items: readonly string[];
}

/** An entry takes at most 61 bytes, so that a part stays below DynamoDB's limit of 400 KB. */
const ENTRIES_PER_PART = 5_000;

export function summaryItems(summary: MessageSummary): SummaryItem[] {
  const entries = summary.items.map((item) => `${item.address} ${item.latestMs} ${item.parts}`);
  const divergences = (summary.divergences ?? []).map((divergence) => JSON.stringify(divergence));
  const parts = Math.max(1, Math.ceil(entries.length / ENTRIES_PER_PART));
  return Array.from({ length: parts }, (_, part) => ({
    ...summaryKey(summary.message, part),
    schema: SCHEMA_VERSION,
    ingested_at: summary.ingestedAtMs,
    expires_at: summary.expiresAt,
    ...(part === 0 && {
      time_bucket: timeBucket('summary', summary.ingestedAtMs, summary.message),
      message_id: summary.messageId,
      statistics: summary.statistics,
      ...(summary.settings !== undefined && { settings: stampText(summary.settings) }),
      ...(divergences.length > 0 && { divergences }),
      ...(parts > 1 && { summary_parts: parts }),
    }),
    items: entries.slice(part * ENTRIES_PER_PART, (part + 1) * ENTRIES_PER_PART),
  }));
}

export function readSummarizedItem(entry: string): SummarizedItem {
  const [address = '', latestMs, parts] = entry.split(' ');
  return { address, latestMs: Number(latestMs), parts: Number(parts) };
}
