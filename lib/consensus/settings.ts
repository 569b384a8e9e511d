/** Settings of the consensus that an operator can change. Ranges are enforced where settings are read. */
export interface ConsensusSettings {
  /** Fewest valid votes for a consensus, 1-3. */
  readonly minScorers: number;
  /** Distance from the median above which a vote is named an outlier, 0-1. */
  readonly outlierThreshold: number;
  /** Spread of the votes above which a verdict is highly uncertain, 0-1. */
  readonly uncertaintyThreshold: number;
  /** Threat score from which an endpoint counts as malicious, 0-1. */
  readonly maliciousThreshold: number;
}

export const DEFAULT_CONSENSUS_SETTINGS: ConsensusSettings = {
  minScorers: 2,
  outlierThreshold: 0.3,
  uncertaintyThreshold: 0.25,
  maliciousThreshold: 0.7,
};
