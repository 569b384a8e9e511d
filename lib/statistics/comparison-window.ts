import type { Comparison } from '../store/comparison.ts';
import { unitOfSummary } from '../store/keys.ts';
import type { StatisticsEntry } from '../store/read-summaries.ts';
import type { TimeRange } from '../store/timeline.ts';
import type { UnitStatistics } from '../store/unit-statistics.ts';
import { countFlips } from './flips.ts';
import { LatencyTally } from './latency-tally.ts';
import { stepAt, type TimeSteps, timeSteps } from './time-steps.ts';
import { sumStatistics, type Totals } from './unit-tally.ts';

/** Totals of one step of the time range. */
export interface StepTally {
  compared: number;
  agreements: number;
  newly_malicious: number;
  no_longer_malicious: number;
  /** One of its units, whose summary names the settings in force. */
  unit?: string;
}

/** Units whose summaries are searched for the largest divergences. */
const DIVERGENT_UNITS = 100;
/** Units whose assessments are all searched for unexplained flips. */
const UNEXPLAINED_UNITS = 20;

/**
 * Adds up, unit by unit, how both scores compare over a time range. Only units with both scores count, and those where
 * the consensus failed throughout. Memory use does not depend on the range.
 */
export class ComparisonWindow {
  readonly steps: TimeSteps;
  readonly perStep: readonly StepTally[];
  readonly latency = new LatencyTally();
  /** Units by which scores they have. */
  readonly units = { compared: 0, legacy_only: 0, consensus_only: 0 };
  firstMs = Number.POSITIVE_INFINITY;
  lastMs = Number.NEGATIVE_INFINITY;
  #totals: Totals = sumStatistics([]);
  /** By the histogram bucket of their largest divergence; newest first. */
  readonly #divergent = new Map<number, string[]>();
  readonly #unexplained: string[] = [];

  constructor(range: TimeRange) {
    this.steps = timeSteps(range);
    this.perStep = Array.from({ length: this.steps.count }, () => ({
      compared: 0,
      agreements: 0,
      newly_malicious: 0,
      no_longer_malicious: 0,
    }));
  }

  /** @param entry entries must come newest first */
  add(entry: StatisticsEntry): void {
    const { statistics, latency_ms, ingested_at } = entry;
    const kind = kindOf(statistics);
    this.units[kind]++;
    if (kind !== 'compared') return;
    this.#totals = sumStatistics([this.#totals, statistics]);
    this.latency.add(latency_ms, statistics.assessments);
    this.firstMs = Math.min(this.firstMs, ingested_at);
    this.lastMs = Math.max(this.lastMs, ingested_at);
    const { comparison } = statistics;
    if (comparison === undefined) return;
    const unit = unitOfSummary(entry);
    this.#addToStep(ingested_at, comparison, unit);
    this.#remember(unit, comparison);
  }

  #addToStep(ingestedAtMs: number, { compared, agreements, flips }: Comparison, unit: string): void {
    const step = this.perStep[stepAt(this.steps, ingestedAtMs)];
    if (step === undefined) return;
    step.compared += compared;
    step.agreements += agreements;
    const { newlyMalicious, noLongerMalicious } = countFlips(flips);
    step.newly_malicious += newlyMalicious;
    step.no_longer_malicious += noLongerMalicious;
    step.unit ??= unit;
  }

  #remember(unit: string, comparison: Comparison): void {
    if (comparison.agreements < comparison.compared) {
      const bucket = comparison.divergence_histogram.findLastIndex((count) => count > 0);
      const known = this.#divergent.get(bucket) ?? [];
      if (known.length < DIVERGENT_UNITS) known.push(unit);
      this.#divergent.set(bucket, known);
    }
    const { unexplained_flips } = comparison;
    if (unexplained_flips > 0 && this.#unexplained.length < UNEXPLAINED_UNITS) this.#unexplained.push(unit);
  }

  get totals(): Totals {
    return this.#totals;
  }

  /** Hours from the first to the last unit that counts. */
  get hours(): number {
    return Math.max(0, this.lastMs - this.firstMs) / 3_600_000;
  }

  /** Units with the largest divergences. */
  get divergentUnits(): string[] {
    const buckets = [...this.#divergent].sort(([a], [b]) => b - a);
    return buckets.flatMap(([, units]) => units).slice(0, DIVERGENT_UNITS);
  }

  /** The newest units with unexplained flips. */
  get unexplainedUnits(): readonly string[] {
    return this.#unexplained;
  }

  /** One unit for each step that has any, oldest first. */
  get unitPerStep(): string[] {
    return this.perStep.flatMap(({ unit }) => unit ?? []);
  }
}

/** The index does not store the mode that was in force, but each mode is recognisable by its figures. */
function kindOf({
  comparison,
  consensus_assessments,
  consensus_failures,
}: UnitStatistics): keyof ComparisonWindow['units'] {
  if (comparison !== undefined) return 'compared';
  if (consensus_assessments === 0) return 'legacy_only';
  return consensus_failures === consensus_assessments ? 'compared' : 'consensus_only';
}
