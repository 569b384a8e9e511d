import { type Divergence, divergenceOf } from '../store/comparison.ts';
import type { GroundTruth, Label } from '../store/labels.ts';
import { readDistinctIn } from '../store/read-assessments.ts';
import { type ReadSummary, readSummaries } from '../store/read-summaries.ts';
import { maliciousThresholdOf, type SettingsStamp, stampText } from '../store/settings-stamp.ts';
import { sharedSets } from '../store/shared-messages.ts';
import type { TableAccess } from '../store/table-access.ts';
import type { ComparisonWindow } from './comparison-window.ts';
import { type DivergentAddress, divergentAddress, isConfirmedBy } from './divergent-address.ts';
import { Largest } from './largest.ts';

/** Details that a window's figures do not show, read from a bounded number of its units. */
export interface ComparisonDetails {
  /** The addresses with the largest score difference, largest first. */
  readonly divergent: readonly DivergentAddress[];
  /** Addresses whose flip is explained neither by evidence nor by a label, each once. */
  readonly unexplained: readonly DivergentAddress[];
  /** Flips without explaining evidence that were looked at, and how many of them labels confirm. */
  readonly lookedAt: { readonly flips: number; readonly confirmed: number };
  /** The settings in force, oldest first, as far as one unit per time step shows. */
  readonly settings: readonly SettingsAt[];
}

export interface SettingsAt {
  /** Arrival of the first sampled unit assessed with them. */
  readonly sinceMs: number;
  readonly settings: SettingsStamp;
}

const SHOWN = 10;

export async function readDetails(
  table: TableAccess,
  window: ComparisonWindow,
  labels: readonly Label[],
  nowMs: number,
): Promise<ComparisonDetails> {
  const wanted = new Set([...window.divergentUnits, ...window.unexplainedUnits, ...window.unitPerStep]);
  const summaries = new Map<string, ReadSummary>();
  for await (const summary of readSummaries(table, [...wanted], nowMs)) {
    summaries.set(summary.unit, summary);
  }
  const of = (units: readonly string[]) => units.flatMap((unit) => summaries.get(unit) ?? []);
  const reader: Reader = { table, labels: latestLabels(labels), nowMs };
  return {
    divergent: await readDivergent(reader, of(window.divergentUnits)),
    ...(await readUnexplained(reader, of(window.unexplainedUnits))),
    settings: settingsOverTime(of(window.unitPerStep)),
  };
}

interface Reader {
  readonly table: TableAccess;
  readonly labels: ReadonlyMap<string, Label>;
  readonly nowMs: number;
}

/** Labels come newest first. */
function latestLabels(labels: readonly Label[]): Map<string, Label> {
  return new Map(labels.toReversed().map((label) => [label.address, label]));
}

async function readDivergent(reader: Reader, summaries: readonly ReadSummary[]): Promise<DivergentAddress[]> {
  const largest = new Largest<{ readonly divergence: Divergence; readonly summary: ReadSummary }>(SHOWN);
  for (const summary of summaries) {
    for (const divergence of summary.divergences) {
      largest.offer(divergence.address, divergenceOf(divergence), () => ({ divergence, summary }));
    }
  }
  const found: DivergentAddress[] = [];
  for (const { divergence, summary } of largest.items) {
    const items = summary.items.filter(({ address }) => address === divergence.address);
    for await (const each of readDivergentIn(reader, { ...summary, items })) {
      if (!isSame(each, divergence)) continue;
      found.push(each);
      break;
    }
  }
  return found;
}

function isSame(found: DivergentAddress, { legacy_score, consensus_score }: Divergence): boolean {
  return found.legacy_score === legacy_score && found.consensus_score === consensus_score;
}

async function readUnexplained(
  reader: Reader,
  summaries: readonly ReadSummary[],
): Promise<Pick<ComparisonDetails, 'unexplained' | 'lookedAt'>> {
  const unexplained = new Map<string, DivergentAddress>();
  let flips = 0;
  let confirmed = 0;
  const shown = sharedSets(summaries);
  for (const summary of summaries) {
    for await (const each of readDivergentIn(reader, summary, shown.get(summary.unit))) {
      if (each.flip === null || each.flip_reasons.length > 0) continue;
      flips++;
      if (isConfirmed(each.flip, each.label)) confirmed++;
      else if (!unexplained.has(each.address)) unexplained.set(each.address, each);
    }
  }
  return { unexplained: [...unexplained.values()].slice(0, SHOWN), lookedAt: { flips, confirmed } };
}

function isConfirmed(flip: NonNullable<DivergentAddress['flip']>, label: GroundTruth | null): boolean {
  return label !== null && isConfirmedBy(flip, label);
}

async function* readDivergentIn(
  { table, labels, nowMs }: Reader,
  summary: ReadSummary,
  shown?: Set<string>,
): AsyncGenerator<DivergentAddress> {
  const maliciousThreshold = maliciousThresholdOf(summary.settings);
  for await (const read of readDistinctIn(table, { summary, shown }, nowMs)) {
    const found = divergentAddress(read, labels, maliciousThreshold);
    if (found !== undefined) yield found;
  }
}

function settingsOverTime(summaries: readonly ReadSummary[]): SettingsAt[] {
  const found: SettingsAt[] = [];
  for (const { settings, ingestedAtMs } of summaries.toSorted((a, b) => a.ingestedAtMs - b.ingestedAtMs)) {
    const last = found.at(-1)?.settings;
    if (settings === undefined || (last !== undefined && stampText(last) === stampText(settings))) continue;
    found.push({ sinceMs: ingestedAtMs, settings });
  }
  return found;
}
