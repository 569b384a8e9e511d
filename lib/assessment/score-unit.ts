import { type DetectionsOf, findDetections } from '../activity/detections.ts';
import type { FanOut } from '../activity/fan-out.ts';
import { describeConnections, type UnitActivity } from '../activity/unit-activity.ts';
import type { LookUps } from '../intelligence/look-up.ts';
import { StatisticsTally } from '../statistics/unit-tally.ts';
import { type AddressItem, addressItems } from '../store/address-item.ts';
import { parseAddressItemKey } from '../store/keys.ts';
import type { SettingsStamp } from '../store/settings-stamp.ts';
import { type SummarizedItems, type SummaryItems, summaryItems } from '../store/summary-item.ts';
import type { UnitStatistics } from '../store/unit-statistics.ts';
import type { Assess } from './assess.ts';
import { type ReadUnit, rejectionsOf, type UnitRecord } from './form-units.ts';
import { oneLine } from './one-line.ts';
import { originOf } from './queued-message.ts';
import { rejectedForDefect } from './read-body.ts';
import type { Rejection } from './rejected-queue.ts';
import { type AllowedBy, type ScoredAddress, scoreAddress } from './score-address.ts';

export interface ScoringOptions {
  readonly assess: Assess;
  readonly maliciousThreshold: number;
  /** Difference of the two scores above which they count as diverging; defaults to the default of the settings. */
  readonly divergenceThreshold?: number;
  /** The settings that the other options derive from; stored with the results. */
  readonly settings?: SettingsStamp;
  /** What the allowlist covers; nothing if this is absent. */
  readonly allowedBy?: AllowedBy | undefined;
  /** How long results are kept, counted from the message's arrival. */
  readonly retentionSeconds: number;
}

/** What a unit says about one address, decided but not yet written. */
export interface UnitAddress {
  readonly address: string;
  readonly records: readonly UnitRecord[];
  readonly items: readonly AddressItem[];
  readonly scored: ScoredAddress;
  readonly lookUps: LookUps | undefined;
}

/** Everything that a unit leads to, decided but not yet written. */
export interface ScoredUnit extends SummarizedUnit, Findings {
  readonly read: ReadUnit;
  readonly items: readonly AddressItem[];
  readonly rejected: readonly Rejection[];
  /** Defects that affected valid records, one line each; the records are among the rejected ones. */
  readonly defects: readonly string[];
  /** Returns the summary of the unit without some of its sources, by their index, and without some addresses. */
  readonly summarizeWithout: (lost: ReadonlySet<number>, addresses: ReadonlySet<string>) => SummarizedUnit;
}

interface Findings {
  readonly addresses: readonly UnitAddress[];
  /** Records that could not be scored, in addition to those that reading rejected. */
  readonly defective: readonly DefectiveRecord[];
  readonly fanOuts: readonly FanOut[];
}

interface DefectiveRecord {
  readonly record: UnitRecord;
  readonly defect: string;
}

/** The summary of a unit. */
export interface SummarizedUnit {
  /** Its first item is written last: it says that all the others exist. */
  readonly summary: SummaryItems;
  readonly statistics: UnitStatistics;
}

/** Look-up results for an address; undefined if there are none. */
export type LookUpsOf = (address: string) => LookUps | undefined;

/**
 * Decides what to store and what to reject for one unit, without doing it. A pure function of the unit, the look-up
 * results and the options. Settings and look-ups change verdicts, and how connections are divided among items; they
 * never make an item that replaces one with other records.
 */
export function scoreUnit(read: ReadUnit, options: ScoringOptions, lookUpsOf?: LookUpsOf): ScoredUnit {
  const addresses: UnitAddress[] = [];
  const defective: DefectiveRecord[] = [];
  const defects = [...read.defects];
  const activity = activityIn(read, defects);
  const detectionsOf = detectionsIn(read, defects);
  const common = commonOf(read, options);
  for (const [address, records] of read.addresses) {
    try {
      const lookUps = lookUpsOf?.(address);
      const scored = scoreAddress(records, options, {
        lookUps,
        activityOf: (endpoint) => activity?.of(endpoint),
        detectionsOf,
      });
      const items = addressItems({ ...common, address, ...scored });
      addresses.push({ address, records, items, scored, lookUps });
    } catch (error) {
      // A defect costs only the address it occurs at: its records wait in the rejected queue for a fix.
      const defect = oneLine(error);
      defects.push(defect);
      for (const record of records) defective.push({ record, defect });
    }
  }
  const findings = { addresses, defective, fanOuts: activity?.fanOuts ?? [] };
  return {
    read,
    ...findings,
    items: addresses.flatMap(({ items }) => items),
    rejected: rejectionsIn(read, defective),
    defects,
    ...summarize(read, findings, options),
    summarizeWithout: (...losses) => summarize(read, findings, options, ...losses),
  };
}

function rejectionsIn(read: ReadUnit, defective: readonly DefectiveRecord[]): Rejection[] {
  const found = defective.flatMap(({ record, defect }) => {
    const source = read.sources[record.source];
    if (source === undefined) return [];
    return rejectionsOf(source.messages, [rejectedForDefect(record, defect, source.textOf)]);
  });
  return [...read.sources.flatMap(({ rejected }) => rejected), ...found];
}

function summarize(
  read: ReadUnit,
  { addresses, defective, fanOuts }: Findings,
  options: ScoringOptions,
  lost: ReadonlySet<number> = new Set(),
  lostAddresses: ReadonlySet<string> = new Set(),
): SummarizedUnit {
  const tally = new StatisticsTally(options.maliciousThreshold, options.divergenceThreshold);
  const items: SummarizedItems[] = [];
  for (const { address, items: parts, scored, lookUps } of addresses) {
    if (lostAddresses.has(address)) continue;
    items.push({ address, latestMs: scored.latestMs, records: parts.map(recordsOf) });
    if (lookUps !== undefined) tally.addLookUps(lookUps);
    for (const { assessment, input } of scored.assessed) tally.addAssessment(assessment, input);
  }
  const sources = read.sources.filter((_, place) => !lost.has(place));
  const unscored = defective.filter(({ record }) => !lost.has(record.source)).length;
  const sum = (count: (source: ReadUnit['sources'][number]) => number) =>
    sources.reduce((total, source) => total + count(source), 0);
  const statistics = tally.finish({
    stored: sum(({ stored }) => stored) - unscored,
    duplicates: sum(({ duplicates }) => duplicates),
    rejected: sum(({ rejectedCount }) => rejectedCount) + unscored,
    ...skippedIn(sources),
    ...(fanOuts.length > 0 && { fan_outs: fanOuts }),
  });
  const messageIds = sources.flatMap(({ messages }) => messages.map((each) => originOf(each).messageId));
  const summary = summaryItems({
    ...commonOf(read, options),
    messageIds: [...new Set(messageIds)],
    statistics,
    divergences: tally.divergences,
    items,
  });
  return { summary, statistics };
}

function skippedIn(sources: ReadUnit['sources']): Pick<UnitStatistics, 'skipped'> {
  const skipped: Record<string, number> = {};
  for (const source of sources) {
    for (const [kind, count] of source.skipped) skipped[kind] = (skipped[kind] ?? 0) + count;
  }
  return Object.keys(skipped).length === 0 ? {} : { skipped };
}

function commonOf({ unit, ingestedAtMs }: ReadUnit, { retentionSeconds, settings }: ScoringOptions) {
  const expiresAt = Math.floor(ingestedAtMs / 1000) + retentionSeconds;
  return { unit, ingestedAtMs, expiresAt, settings };
}

/** A defect costs the activity evidence, and no verdict. */
function activityIn({ addresses }: ReadUnit, defects: string[]): UnitActivity | undefined {
  try {
    return describeConnections(recordsIn(addresses));
  } catch (error) {
    defects.push(`activity: ${oneLine(error)}`);
    return undefined;
  }
}

function* recordsIn(addresses: ReadUnit['addresses']): Generator<UnitRecord> {
  for (const records of addresses.values()) yield* records;
}

/** A defect costs the detections, and no verdict. */
function detectionsIn({ addresses, alerts }: ReadUnit, defects: string[]): DetectionsOf | undefined {
  try {
    return findDetections(recordsIn(addresses), alerts);
  } catch (error) {
    defects.push(`detections: ${oneLine(error)}`);
    return undefined;
  }
}

function recordsOf(item: AddressItem): string {
  return parseAddressItemKey(item)?.records ?? '';
}
