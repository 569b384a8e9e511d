import type { Consensus } from '../consensus/consensus.ts';
import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { Verdict } from '../consensus/verdict.ts';
import { SCORER_NAMES, type ScorerName } from '../consensus/vote.ts';
import type { LabelledInput, LabelledSet } from './labelled-set.ts';

/** What is measured, in the order of the table. */
export const CONTENDERS = ['consensus', ...SCORER_NAMES, 'baseline'] as const;
export type Contender = (typeof CONTENDERS)[number];

export interface AssessedRow {
  /** Line in the file; the heading is line 1. */
  readonly line: number;
  readonly isMalicious: boolean;
  readonly group: string;
  readonly isHighlyUncertain: boolean;
  readonly scores: Readonly<Record<Contender, number>>;
}

export interface AssessedSet {
  readonly name: string;
  readonly rows: readonly AssessedRow[];
}

export function assessSets(sets: readonly LabelledSet[], consensus: Consensus): AssessedSet[] {
  return sets.map(({ name, rows }) => ({ name, rows: assessRows(rows, consensus) }));
}

export function assessRows(rows: readonly LabelledInput[], consensus: Consensus): AssessedRow[] {
  return rows.map(({ input, isMalicious, group, line }) => {
    const verdict = consensus.assess(input);
    if (verdict.method === 'failed') throw new Error(verdict.reason);
    return {
      line,
      isMalicious,
      group,
      isHighlyUncertain: verdict.high_uncertainty,
      scores: {
        consensus: verdict.consensus_score,
        ...scoresOf(verdict.votes),
        baseline: scoreByRatio(input),
      },
    };
  });
}

/** The scorers' scores; NaN for a failed one. */
function scoresOf(votes: Verdict['votes']): Record<ScorerName, number> {
  const scores = SCORER_NAMES.map((name) => [name, votes[name]?.score ?? Number.NaN]);
  return Object.fromEntries(scores) as Record<ScorerName, number>;
}

/** What most sites do: the mean of the share of malicious vendors and the abuse confidence, of those available. */
function scoreByRatio({ threat_intel }: ScoringInput): number {
  const shares: number[] = [];
  const { virustotal, abuseipdb } = threat_intel ?? {};
  if (virustotal) shares.push(virustotal.malicious_vendors / Math.max(1, virustotal.total_vendors));
  if (abuseipdb) shares.push(abuseipdb.confidence_score / 100);
  return shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share) / shares.length;
}
