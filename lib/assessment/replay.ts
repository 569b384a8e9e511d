import type { Settings } from '../cutover/settings.ts';
import { bucketOf } from '../statistics/buckets.ts';
import { type FlipMatrix, FlipTally } from '../statistics/flips.ts';
import { Largest } from '../statistics/largest.ts';
import { StatisticsTally, sumStatistics, type Totals } from '../statistics/unit-tally.ts';
import type { Assessment, ScoredBy } from '../store/assessment.ts';
import { DIVERGENCE_BUCKETS } from '../store/comparison.ts';
import type { StoredScoring } from '../store/read-address-items.ts';
import { maliciousThresholdOf } from '../store/settings-stamp.ts';
import { settledOptions } from './settled-options.ts';

/** An input whose threat score would change. */
export interface ScoreChange {
  readonly address: string;
  readonly dst_port: number | undefined;
  readonly protocol: string | undefined;
  readonly before: Assessment;
  readonly after: Assessment;
}

/** How verdicts would change under other settings and the current engine. */
export interface ReplayResult {
  readonly replayed: number;
  /** The original totals; malicious by the threshold in force at the time. */
  readonly before: Totals;
  readonly after: Totals;
  readonly scored_by: Readonly<Record<ScoredBy, { readonly before: number; readonly after: number }>>;
  /** Threat scores that would change, and those that would change by more than the divergence threshold. */
  readonly changed: number;
  readonly diverging: number;
  /** Counts by whether it was malicious then and would be now. */
  readonly flips: FlipMatrix;
  /** Threat scores by the size of the change. */
  readonly change_histogram: readonly number[];
  /** Engine versions of the original verdicts, with their number. */
  readonly engine_versions: Readonly<Record<string, number>>;
  /** The largest changes, one per address, the largest first. */
  readonly largest: readonly ScoreChange[];
}

const LARGEST = 10;
const NO_RECORDS = { stored: 0, duplicates: 0, rejected: 0 };

/** Scores stored inputs again with the given settings and counts the differences; writes nothing. */
export class Replay {
  readonly #settings: Settings;
  readonly #assess: (input: StoredScoring['input']) => Assessment;
  readonly #before: StatisticsTally;
  readonly #after: StatisticsTally;
  readonly #scoredBy = {
    consensus: { before: 0, after: 0 },
    legacy: { before: 0, after: 0 },
    fallback: { before: 0, after: 0 },
  };
  readonly #flips = new FlipTally();
  readonly #changes = Array.from({ length: DIVERGENCE_BUCKETS }, () => 0);
  readonly #engineVersions = new Map<string, number>();
  readonly #largest = new Largest<ScoreChange>(LARGEST);
  readonly #counts = { replayed: 0, changed: 0, diverging: 0 };

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#assess = settledOptions({ settings, origin: { source: 'none' }, unknownKeys: [] }).assess;
    this.#before = new StatisticsTally(settings.maliciousThreshold, settings.divergenceThreshold);
    this.#after = new StatisticsTally(settings.maliciousThreshold, settings.divergenceThreshold);
  }

  add({ input, assessment: before, settings }: StoredScoring): void {
    const after = this.#assess(input);
    const { maliciousThreshold, divergenceThreshold } = this.#settings;
    const wasMalicious = before.threat_score >= maliciousThresholdOf(settings);
    const change = changeOf({ before, after });
    this.#counts.replayed++;
    if (change > 0) this.#counts.changed++;
    if (change > divergenceThreshold) this.#counts.diverging++;
    this.#flips.add(wasMalicious, after.threat_score >= maliciousThreshold);
    const bucket = bucketOf(change, DIVERGENCE_BUCKETS);
    this.#changes[bucket] = (this.#changes[bucket] ?? 0) + 1;
    this.#scoredBy[before.scored_by].before++;
    this.#scoredBy[after.scored_by].after++;
    this.#before.addAssessment(before);
    this.#after.addAssessment(after);
    const version = before.engine_version;
    this.#engineVersions.set(version, (this.#engineVersions.get(version) ?? 0) + 1);
    if (change > 0)
      this.#largest.offer(input.address, change, () => ({ ...endpointOf(input), before, after }));
  }

  get result(): ReplayResult {
    const { newlyMalicious, noLongerMalicious, both } = this.#flips;
    const before = sumStatistics([this.#before.finish(NO_RECORDS)]);
    const after = sumStatistics([this.#after.finish(NO_RECORDS)]);
    return {
      ...this.#counts,
      before: { ...before, malicious: noLongerMalicious + both },
      after: { ...after, malicious: newlyMalicious + both },
      scored_by: this.#scoredBy,
      flips: this.#flips.matrix,
      change_histogram: this.#changes,
      engine_versions: Object.fromEntries(this.#engineVersions),
      largest: this.#largest.items,
    };
  }
}

/** The size of the change of the threat score, 0-1. */
export function changeOf({ before, after }: Pick<ScoreChange, 'before' | 'after'>): number {
  // Without rounding, 0.9 - 0.7 would be greater than 0.2.
  return Math.round(Math.abs(after.threat_score - before.threat_score) * 1e9) / 1e9;
}

function endpointOf({ address, dst_port, protocol }: StoredScoring['input']) {
  return { address, dst_port, protocol };
}
