import type { Consensus } from '../../consensus/consensus.ts';
import { DEFAULT_CONSENSUS_SETTINGS } from '../../consensus/settings.ts';
import { SCORER_NAMES, type ScorerName } from '../../consensus/vote.ts';
import type { IsLocal } from '../../records/locality.ts';
import { drawResamples, type Interval, intervalOf } from '../bootstrap.ts';
import { correlateErrors, type ErrorCorrelation } from '../error-correlation.ts';
import { type ActiveAddress, activeAddresses } from './active-address.ts';
import type { LabelledLog } from './labelled-log.ts';
import type { UnitScheme } from './units.ts';

/** A figure with its 95 % interval, from resampling addresses. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
}

/** How well activity alone separates malicious from benign connections. */
export interface ActivityFigures {
  readonly scheme: string;
  /** Share of malicious connections at or above the threshold, among addresses with at least three in their unit. */
  readonly recallOfThree: Estimate;
  /** Likewise, of all malicious connections. */
  readonly recall: Estimate;
  /** Share of benign connections, and of benign addresses, at or above the threshold. */
  readonly benignConnections: Estimate;
  readonly benignAddresses: Estimate;
  readonly auc: Estimate;
  /** Share of connections with high uncertainty. */
  readonly uncertain: Estimate;
  /** Lowest and highest score of an address with a single, unanswered connection. */
  readonly loneKnock: Interval;
  /** Correlation of the errors of each pair of scorers over the distinct inputs. */
  readonly errorCorrelations: ReadonlyArray<{
    readonly scorers: readonly [ScorerName, ScorerName];
    readonly correlation: ErrorCorrelation;
  }>;
}

const RESAMPLES = 500;
const FEWEST_CONNECTIONS = 3;

/** An address of a unit, scored. */
interface Scored {
  readonly address: string;
  readonly isMalicious: boolean;
  readonly hasThree: boolean;
  readonly worst: number;
  readonly isLoneKnock: boolean;
  readonly verdicts: ReadonlyArray<{
    readonly score: number;
    readonly isUncertain: boolean;
    readonly connections: number;
    /** In the order of `SCORER_NAMES`; NaN for a scorer without a valid vote. */
    readonly votes: readonly number[];
  }>;
}

/** Measures the consensus on labelled logs without any intelligence, pooled over the logs. */
export function measureActivity(
  logs: readonly LabelledLog[],
  { name, cut }: UnitScheme,
  consensus: Consensus,
  isLocal: IsLocal,
): ActivityFigures {
  const scored = logs.flatMap((log) =>
    [...cut(log.connections, isLocal)].flatMap((unit) =>
      activeAddresses(unit, isLocal)
        .filter(({ isMalicious }) => isMalicious !== undefined)
        .map((active) => scoreAddress(log.name, active, consensus)),
    ),
  );
  const { unitOf, weights } = drawResamples(
    scored.map(({ address }) => address),
    RESAMPLES,
  );
  const estimate = (measure: (weightOf: (index: number) => number) => number): Estimate => ({
    value: measure(() => 1),
    interval: intervalOf(
      weights
        .map((drawn) => measure((index) => drawn[unitOf[index] ?? 0] ?? 0))
        .filter((value) => !Number.isNaN(value)),
    ),
  });
  const shareOf = (
    isCounted: (row: Scored) => boolean,
    isHit: (verdict: Scored['verdicts'][number]) => boolean,
  ) => estimate((weightOf) => connectionShare(scored, weightOf, isCounted, isHit));
  const lone = scored.filter(({ isLoneKnock }) => isLoneKnock).map(({ worst }) => worst);
  return {
    scheme: name,
    recallOfThree: shareOf((row) => row.isMalicious && row.hasThree, isMalicious),
    recall: shareOf((row) => row.isMalicious, isMalicious),
    benignConnections: shareOf((row) => !row.isMalicious, isMalicious),
    benignAddresses: estimate((weightOf) => addressShare(scored, weightOf)),
    auc: estimate((weightOf) => areaUnderCurve(scored, weightOf)),
    uncertain: shareOf(
      () => true,
      ({ isUncertain }) => isUncertain,
    ),
    loneKnock: [Math.min(...lone), Math.max(...lone)],
    errorCorrelations: errorCorrelations(scored),
  };
}

function errorCorrelations(scored: readonly Scored[]): ActivityFigures['errorCorrelations'] {
  const rows = scored.flatMap((row) =>
    row.verdicts.map(({ votes }) => ({ votes, isMalicious: row.isMalicious })),
  );
  const labels = rows.map((row) => row.isMalicious);
  const votesOf = (scorer: ScorerName) =>
    rows.map(({ votes }) => votes[SCORER_NAMES.indexOf(scorer)] ?? Number.NaN);
  return SCORER_NAMES.flatMap((left, n) =>
    SCORER_NAMES.slice(n + 1).map((right) => ({
      scorers: [left, right] as const,
      correlation: correlateErrors(votesOf(left), votesOf(right), labels),
    })),
  );
}

const THRESHOLD = DEFAULT_CONSENSUS_SETTINGS.maliciousThreshold;

function isMalicious({ score }: { readonly score: number }): boolean {
  return score >= THRESHOLD;
}

function scoreAddress(log: string, active: ActiveAddress, consensus: Consensus): Scored {
  const verdicts = active.inputs.map(({ input, connections }) => {
    const verdict = consensus.assess(input);
    const isWhole = verdict.method === 'median';
    return {
      score: isWhole ? verdict.consensus_score : 0.5,
      isUncertain: isWhole && verdict.high_uncertainty,
      connections,
      votes: SCORER_NAMES.map((scorer) => verdict.votes[scorer]?.score ?? Number.NaN),
    };
  });
  const activity = active.inputs[0]?.input.activity;
  return {
    address: `${log} ${active.address}`,
    isMalicious: active.isMalicious === true,
    hasThree: active.connections >= FEWEST_CONNECTIONS,
    worst: Math.max(...verdicts.map(({ score }) => score)),
    isLoneKnock: active.connections === 1 && activity?.knocks === 1,
    verdicts,
  };
}

function connectionShare(
  scored: readonly Scored[],
  weightOf: (index: number) => number,
  isCounted: (row: Scored) => boolean,
  isHit: (verdict: Scored['verdicts'][number]) => boolean,
): number {
  let hits = 0;
  let all = 0;
  scored.forEach((row, index) => {
    if (!isCounted(row)) return;
    for (const verdict of row.verdicts) {
      const weight = weightOf(index) * verdict.connections;
      all += weight;
      if (isHit(verdict)) hits += weight;
    }
  });
  return hits / all;
}

function addressShare(scored: readonly Scored[], weightOf: (index: number) => number): number {
  let hits = 0;
  let all = 0;
  scored.forEach((row, index) => {
    if (row.isMalicious) return;
    all += weightOf(index);
    if (row.worst >= THRESHOLD) hits += weightOf(index);
  });
  return hits / all;
}

/** Probability that a malicious connection scores higher than a benign one; ties count half. */
function areaUnderCurve(scored: readonly Scored[], weightOf: (index: number) => number): number {
  const byScore = new Map<number, { malicious: number; benign: number }>();
  scored.forEach((row, index) => {
    for (const { score, connections } of row.verdicts) {
      const cell = byScore.get(score) ?? { malicious: 0, benign: 0 };
      cell[row.isMalicious ? 'malicious' : 'benign'] += weightOf(index) * connections;
      byScore.set(score, cell);
    }
  });
  let below = 0;
  let malicious = 0;
  let won = 0;
  for (const [, cell] of [...byScore].sort(([a], [b]) => a - b)) {
    won += cell.malicious * (below + cell.benign / 2);
    malicious += cell.malicious;
    below += cell.benign;
  }
  return won / (malicious * below);
}
