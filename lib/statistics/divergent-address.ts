import type { EvidenceSource } from '../consensus/verdict.ts';
import { SCORER_NAMES, type ScorerName } from '../consensus/vote.ts';
import { describeLegacy } from '../cutover/describe-legacy.ts';
import { scoredInput } from '../store/assessment.ts';
import type { GroundTruth, Label } from '../store/labels.ts';
import type { ReadAssessment } from '../store/read-address-items.ts';
import { explainFlip, type FlipReason } from './explain-flip.ts';

export type FlipDirection = 'newly_malicious' | 'no_longer_malicious';

/** An address on which the two scores differ, with the reasons for each. */
export interface DivergentAddress {
  readonly address: string;
  readonly dst_port?: number;
  readonly protocol?: string;
  /** Assessment id, for labelling it. */
  readonly assessment: string;
  readonly legacy_score: number;
  readonly consensus_score: number;
  readonly evidence: readonly EvidenceSource[];
  readonly legacy_reasoning: string;
  readonly votes: readonly {
    readonly scorer: ScorerName;
    readonly score: number;
    readonly reasoning: string;
  }[];
  /** Null if both scores are on the same side of the malicious threshold. */
  readonly flip: FlipDirection | null;
  /** Evidence that explains the flip. */
  readonly flip_reasons: readonly FlipReason[];
  /** A human's label of the address. */
  readonly label: GroundTruth | null;
}

/** The direction in which a pair of scores flips. */
export function flipOf(
  { legacy_score, consensus_score }: { readonly legacy_score: number; readonly consensus_score: number },
  maliciousThreshold: number,
): FlipDirection | null {
  const wasMalicious = legacy_score >= maliciousThreshold;
  const isMalicious = consensus_score >= maliciousThreshold;
  if (wasMalicious === isMalicious) return null;
  return isMalicious ? 'newly_malicious' : 'no_longer_malicious';
}

/** Whether a human's label agrees with the consensus about a flip. */
export function isConfirmedBy(flip: FlipDirection, label: GroundTruth): boolean {
  return (flip === 'newly_malicious') === (label === 'malicious');
}

/** @returns undefined for an assessment without both scores */
export function divergentAddress(
  { id, address, assessment, connections }: ReadAssessment,
  labels: ReadonlyMap<string, Label>,
  maliciousThreshold: number,
): DivergentAddress | undefined {
  const { legacy_score, votes, evidence } = assessment;
  if (assessment.method !== 'median' || legacy_score === undefined) return undefined;
  const { consensus_score } = assessment;
  const input = scoredInput(assessment);
  const flip = flipOf({ legacy_score, consensus_score }, maliciousThreshold);
  const [connection] = connections;
  return {
    address,
    ...(connection !== undefined && { dst_port: connection.dst_port, protocol: connection.protocol }),
    assessment: id,
    legacy_score,
    consensus_score,
    evidence,
    legacy_reasoning: describeLegacy(input.threat_intel ?? {}),
    votes: SCORER_NAMES.flatMap((scorer) => {
      const vote = votes[scorer];
      return vote === undefined ? [] : [{ scorer, score: vote.score, reasoning: vote.reasoning }];
    }),
    flip,
    flip_reasons:
      flip === null ? [] : explainFlip(input, evidence, flip === 'newly_malicious', maliciousThreshold),
    label: labels.get(address)?.label ?? null,
  };
}
