import type { LookUps } from '../intelligence/look-up.ts';
import type { RejectedRecord } from '../records/message-body.ts';
import { StatisticsTally } from '../statistics/unit-tally.ts';
import { type AddressItem, addressItems } from '../store/address-item.ts';
import { parseAddressItemKey } from '../store/keys.ts';
import type { SettingsStamp } from '../store/settings-stamp.ts';
import { type SummarizedItems, type SummaryItems, summaryItems } from '../store/summary-item.ts';
import type { UnitStatistics } from '../store/unit-statistics.ts';
import type { Assess } from './assess.ts';
import { oneLine } from './one-line.ts';
import { type ReadUnit, rejectedForDefect } from './read-unit.ts';
import { scoreAddress } from './score-address.ts';

export interface ScoringOptions {
  readonly assess: Assess;
  readonly maliciousThreshold: number;
  /** Difference of the two scores beyond which they count as diverging; as the settings have it by default. */
  readonly divergenceThreshold?: number;
  /** Written with what is stored: the settings that the others of these options follow from. */
  readonly settings?: SettingsStamp;
  /** How long what is stored stays, counted from the message's arrival. */
  readonly retentionSeconds: number;
}

/** Everything that a unit leads to, decided but not done. */
export interface ScoredUnit {
  readonly messageIds: readonly string[];
  readonly items: readonly AddressItem[];
  /** Its first item is written last: it says that all the others are there. */
  readonly summary: SummaryItems;
  readonly rejected: readonly RejectedRecord[];
  readonly statistics: UnitStatistics;
  /** What went wrong with valid records, a line each; they are among the rejected ones. */
  readonly defects: readonly string[];
}

/** What was looked up about an address; undefined where nothing was. */
export type LookUpsOf = (address: string) => LookUps | undefined;

/**
 * Decides what to store and what to reject for one unit, without doing it. A pure function of what was read, what was
 * looked up and the options. Settings and look-ups change verdicts, and how connections are divided among items; they
 * never make an item that replaces one with other records.
 */
export function scoreUnit(read: ReadUnit, options: ScoringOptions, lookUpsOf?: LookUpsOf): ScoredUnit {
  const { unit, messageIds, ingestedAtMs, duplicates } = read;
  const tally = new StatisticsTally(options.maliciousThreshold, options.divergenceThreshold);
  const common = {
    unit,
    ingestedAtMs,
    expiresAt: Math.floor(ingestedAtMs / 1000) + options.retentionSeconds,
    settings: options.settings,
  };
  const items: AddressItem[] = [];
  const summarized: SummarizedItems[] = [];
  const rejected = [...read.rejected];
  const defects = [...read.defects];
  let { stored } = read;
  for (const [address, records] of read.addresses) {
    try {
      const lookUps = lookUpsOf?.(address);
      const scored = scoreAddress(records, options, lookUps);
      const parts = addressItems({ ...common, address, ...scored });
      items.push(...parts);
      summarized.push({ address, latestMs: scored.latestMs, records: parts.map(recordsOf) });
      if (lookUps !== undefined) tally.addLookUps(lookUps);
      for (const { assessment, input } of scored.assessed) tally.addAssessment(assessment, input);
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
    ...(read.skipped.size > 0 && { skipped: Object.fromEntries(read.skipped) }),
  });
  const summary = summaryItems({
    ...common,
    messageIds,
    statistics,
    divergences: tally.divergences,
    items: summarized,
  });
  return { messageIds, items, summary, rejected, statistics, defects };
}

function recordsOf(item: AddressItem): string {
  return parseAddressItemKey(item)?.records ?? '';
}
