import type { Settings } from '../cutover/settings.ts';
import type { Assessment, ScoredBy } from '../store/assessment.ts';
import { DIVERGENCE_BUCKETS } from '../store/comparison.ts';
import type { StoredScoring } from '../store/read-address-items.ts';
import { USUAL_MALICIOUS_THRESHOLD } from '../store/settings-stamp.ts';
import { bucketOf } from './buckets.ts';
import { settledOptions } from './settled-options.ts';
import { StatisticsTally, sumStatistics, type Totals } from './statistics.ts';

/** An input whose threat score would be another one. */
export interface ScoreChange {
  readonly address: string;
  readonly dst_port: number | undefined;
  readonly protocol: string | undefined;
  readonly before: Assessment;
  readonly after: Assessment;
}

/** What other settings, and the present engine, would make of what was scored before. */
export interface ReplayResult {
  readonly replayed: number;
  /** What was said then; malicious by the threshold of then. */
  readonly before: Totals;
  readonly after: Totals;
  readonly scored_by: Readonly<Record<ScoredBy, { readonly before: number; readonly after: number }>>;
  /** Threat scores that would be others, and those among them by more than the divergence threshold. */
  readonly changed: number;
  readonly diverging: number;
  /** Malicious (1) or not (0), before and then after: `flips[0][1]` would be newly malicious. */
  readonly flips: readonly (readonly number[])[];
  /** Threat scores by how far they would move. */
  readonly change_histogram: readonly number[];
  /** Engine versions of what was said then, with how often. */
  readonly engine_versions: Readonly<Record<string, number>>;
  /** The changes by far, one an address, the largest first. */
  readonly largest: readonly ScoreChange[];
}

const LARGEST = 10;
const NO_RECORDS = { stored: 0, duplicates: 0, rejected: 0 };

/** Scores stored inputs again, by given settings, and counts what would be different; writes nothing. */
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
  readonly #flips: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  readonly #changes = Array.from({ length: DIVERGENCE_BUCKETS }, () => 0);
  readonly #engineVersions = new Map<string, number>();
  #largest: ScoreChange[] = [];
  #counts = { replayed: 0, changed: 0, diverging: 0 };

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#assess = settledOptions({ settings, version: 0, unknownKeys: [] }).assess;
    this.#before = new StatisticsTally(settings.maliciousThreshold, settings.divergenceThreshold);
    this.#after = new StatisticsTally(settings.maliciousThreshold, settings.divergenceThreshold);
  }

  add({ input, assessment: before, settings }: StoredScoring): void {
    const after = this.#assess(input);
    const { maliciousThreshold, divergenceThreshold } = this.#settings;
    const thresholdThen = settings?.maliciousThreshold ?? USUAL_MALICIOUS_THRESHOLD;
    const change = changeOf({ before, after });
    this.#counts.replayed++;
    if (change > 0) this.#counts.changed++;
    if (change > divergenceThreshold) this.#counts.diverging++;
    this.#flips[isAtLeast(before, thresholdThen)][isAtLeast(after, maliciousThreshold)]++;
    this.#changes[bucketOf(change, DIVERGENCE_BUCKETS)] =
      (this.#changes[bucketOf(change, DIVERGENCE_BUCKETS)] ?? 0) + 1;
    this.#scoredBy[before.scored_by].before++;
    this.#scoredBy[after.scored_by].after++;
    this.#before.addAssessment(before);
    this.#after.addAssessment(after);
    const version = before.engine_version;
    this.#engineVersions.set(version, (this.#engineVersions.get(version) ?? 0) + 1);
    if (change > 0) this.#keepLarge({ ...endpointOf(input), before, after });
  }

  #keepLarge(change: ScoreChange): void {
    const same = this.#largest.find(({ address }) => address === change.address);
    if (same !== undefined && changeOf(same) >= changeOf(change)) return;
    const others = this.#largest.filter((each) => each !== same);
    this.#largest = [...others, change].sort((a, b) => changeOf(b) - changeOf(a)).slice(0, LARGEST);
  }

  get result(): ReplayResult {
    const [[, newly], [gone, both]] = this.#flips;
    const before = sumStatistics([this.#before.finish(NO_RECORDS)]);
    const after = sumStatistics([this.#after.finish(NO_RECORDS)]);
    return {
      ...this.#counts,
      before: { ...before, malicious: gone + both },
      after: { ...after, malicious: newly + both },
      scored_by: this.#scoredBy,
      flips: this.#flips,
      change_histogram: this.#changes,
      engine_versions: Object.fromEntries(this.#engineVersions),
      largest: this.#largest,
    };
  }
}

/** How far the threat score would move, 0-1. */
export function changeOf({ before, after }: Pick<ScoreChange, 'before' | 'after'>): number {
  // Without the rounding, 0.9 - 0.7 would be further than 0.2.
  return Math.round(Math.abs(after.threat_score - before.threat_score) * 1e9) / 1e9;
}

function isAtLeast({ threat_score }: Assessment, threshold: number): 0 | 1 {
  return threat_score >= threshold ? 1 : 0;
}

function endpointOf({ address, dst_port, protocol }: StoredScoring['input']) {
  return { address, dst_port, protocol };
}
