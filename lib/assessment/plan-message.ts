import { contentHash } from '../records/content-hash.ts';
import type { IsLocal } from '../records/locality.ts';
import type { RejectedRecord } from '../records/message-body.ts';
import type { Lookups } from '../reputation/lookup.ts';
import { type AddressItem, addressItems } from '../store/address-item.ts';
import { parseAddressItemKey } from '../store/keys.ts';
import type { SettingsStamp } from '../store/settings-stamp.ts';
import { type SummarizedItems, type SummaryItems, summaryItems } from '../store/summary-item.ts';
import type { UnitStatistics } from '../store/unit-statistics.ts';
import type { Assess } from './assess.ts';
import { oneLine } from './batch-failures.ts';
import { planAddress } from './plan-address.ts';
import type { QueuedMessage } from './queued-message.ts';
import { type ReadMessage, readMessage, rejectedForDefect } from './read-message.ts';
import { StatisticsTally } from './statistics.ts';

export interface PlanOptions {
  readonly assess: Assess;
  readonly isLocal: IsLocal;
  readonly maliciousThreshold: number;
  /** Difference of the two scores beyond which they count as diverging; as the settings have it by default. */
  readonly divergenceThreshold?: number;
  /** Written with what is stored: the settings that the others of these options follow from. */
  readonly settings?: SettingsStamp;
  /** How long what is stored stays, counted from the message's arrival. */
  readonly retentionSeconds: number;
}

/** Everything that a message leads to, decided but not done. */
export interface MessagePlan {
  readonly items: readonly AddressItem[];
  /** Its first item is written last: it says that all the others are there. */
  readonly summary: SummaryItems;
  readonly rejected: readonly RejectedRecord[];
  readonly statistics: UnitStatistics;
  /** What went wrong with valid records, a line each; they are among the rejected ones. */
  readonly defects: readonly string[];
}

/** What was looked up about an address; undefined where nothing was. */
export type LookupsOf = (address: string) => Lookups | undefined;

/**
 * Decides what to store and what to reject for one message, without doing it. A pure function of the message, what
 * was looked up and the options. Settings and look-ups change verdicts, and how connections are divided among items;
 * they never make an item that replaces one with other records.
 *
 * @param messageIds of the deliveries that have this body
 */
export function planRecords(
  read: ReadMessage,
  messageIds: readonly string[],
  options: PlanOptions,
  lookupsOf?: LookupsOf,
): MessagePlan {
  const { message, duplicates } = read;
  const tally = new StatisticsTally(options.maliciousThreshold, options.divergenceThreshold);
  const common = {
    unit: contentHash(message.body),
    ingestedAtMs: message.sentAtMs,
    expiresAt: Math.floor(message.sentAtMs / 1000) + options.retentionSeconds,
    settings: options.settings,
  };
  const items: AddressItem[] = [];
  const summarized: SummarizedItems[] = [];
  const rejected = [...read.rejected];
  const defects = [...read.defects];
  let { stored } = read;
  for (const [address, records] of read.addresses) {
    try {
      const lookups = lookupsOf?.(address);
      const plan = planAddress(records, options, lookups);
      const parts = addressItems({ ...common, address, ...plan });
      items.push(...parts);
      summarized.push({ address, latestMs: plan.latestMs, records: parts.map(recordsOf) });
      if (lookups !== undefined) tally.addLookups(lookups);
      for (const { assessment, input } of plan.assessed) tally.addAssessment(assessment, input);
    } catch (error) {
      // A defect costs the address that it shows at: its records wait in the rejected queue for a fix.
      const defect = oneLine(error);
      defects.push(defect);
      rejected.push(...records.map((record) => rejectedForDefect(record, defect, read.textOf)));
      stored -= records.length;
    }
  }
  const statistics = tally.finish({
    stored,
    duplicates,
    rejected: rejected.reduce((sum, { count = 1 }) => sum + count, 0),
  });
  const summary = summaryItems({
    ...common,
    messageIds,
    statistics,
    divergences: tally.divergences,
    items: summarized,
  });
  return { items, summary, rejected, statistics, defects };
}

function recordsOf(item: AddressItem): string {
  return parseAddressItemKey(item)?.records ?? '';
}

/** Reads a message and plans it, without anything looked up. */
export function planMessage(message: QueuedMessage, options: PlanOptions): MessagePlan {
  return planRecords(readMessage(message, options.isLocal), [message.messageId], options);
}
