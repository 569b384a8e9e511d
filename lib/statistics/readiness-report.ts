import type { ScorerName } from '../consensus/vote.ts';
import type { Comparison } from '../store/comparison.ts';
import type { ComparisonWindow } from './comparison-window.ts';
import type { DivergentAddress } from './divergent-address.ts';
import type { Judgement } from './judged-labels.ts';
import type { Gate } from './readiness-gates.ts';

/** How a scorer did where both scores were there. Averages are over its votes; null without any. */
export interface ScorerBehaviour {
  readonly votes: number;
  readonly failures: number;
  readonly failure_rate: number | null;
  readonly average_score: number | null;
  readonly average_confidence: number | null;
  readonly labels: Judgement;
}

/** What one step of the time range came to. */
export interface ReportStep {
  /** When it begins, ISO 8601. */
  readonly from: string;
  readonly compared: number;
  /** Null if nothing was compared. */
  readonly agreement_rate: number | null;
  readonly newly_malicious: number;
  readonly no_longer_malicious: number;
}

/** Whether an environment is ready to use the consensus score, and everything that speaks for and against it. */
export interface ReadinessReport {
  /** Name of the environment; null if the call named the table instead. */
  readonly environment: string | null;
  readonly table: string;
  /** Of the program that made it. */
  readonly version: string;
  readonly made_at: string;
  readonly since: string;
  readonly until: string;
  readonly ready: boolean;
  readonly gates: readonly Gate[];
  /** One line each: what limits what the figures say. */
  readonly remarks: readonly string[];
  /** Score from which an endpoint counts as malicious, by the latest settings of this time. */
  readonly malicious_threshold: number;
  /** Storage units by whose scores were there; called messages in what is printed. */
  readonly messages: Readonly<ComparisonWindow['units']>;
  readonly comparison: Comparison;
  readonly agreement_rate: number | null;
  /** Consensus minus legacy. */
  readonly average_difference: number | null;
  readonly flips: {
    readonly newly_malicious: number;
    readonly no_longer_malicious: number;
    /** By evidence alone. */
    readonly unexplained_by_evidence: number;
    /** Of those that were looked at one by one, and how many of them labels confirm. */
    readonly looked_at: number;
    readonly confirmed_by_labels: number;
    /** Explained by evidence, but labelled otherwise. */
    readonly refuted_by_labels: number;
  };
  readonly latency_ms: { readonly p50: number | null; readonly p99: number | null };
  readonly over_time: readonly ReportStep[];
  readonly settings: readonly { readonly since: string; readonly settings: string }[];
  readonly divergent: readonly DivergentAddress[];
  readonly unexplained: readonly DivergentAddress[];
  readonly scorers: Readonly<Record<ScorerName, ScorerBehaviour>>;
  /** Both scores against what humans labelled. */
  readonly labels: {
    readonly malicious: number;
    readonly benign: number;
    readonly legacy: Judgement;
    readonly consensus: Judgement;
  };
}
