import type { ScorerName } from '../consensus/vote.ts';
import type { Comparison } from '../store/comparison.ts';
import type { ComparisonWindow } from './comparison-window.ts';
import type { DivergentAddress } from './divergent-address.ts';
import type { Judgement } from './judged-labels.ts';
import type { Gate } from './readiness-gates.ts';

/** A scorer's behaviour while both scores were computed. Averages are over its votes; null if it has none. */
export interface ScorerBehaviour {
  readonly votes: number;
  readonly failures: number;
  readonly failure_rate: number | null;
  readonly average_score: number | null;
  readonly average_confidence: number | null;
  readonly labels: Judgement;
}

/** Totals of one step of the time range. */
export interface ReportStep {
  /** Start of the step, ISO 8601. */
  readonly from: string;
  readonly compared: number;
  /** Null if nothing was compared. */
  readonly agreement_rate: number | null;
  readonly newly_malicious: number;
  readonly no_longer_malicious: number;
}

/** Whether an environment is ready to use the consensus score, with all the evidence for and against. */
export interface ReadinessReport {
  /** Name of the environment; null if the command named the table instead. */
  readonly environment: string | null;
  readonly table: string;
  /** Version of the program that made the report. */
  readonly version: string;
  readonly made_at: string;
  readonly since: string;
  readonly until: string;
  readonly ready: boolean;
  readonly gates: readonly Gate[];
  /** One line each: limitations of the figures. */
  readonly remarks: readonly string[];
  /** Score from which an endpoint counts as malicious, from the latest settings in this time. */
  readonly malicious_threshold: number;
  /** Storage units by which scores they have; printed as messages. */
  readonly messages: Readonly<ComparisonWindow['units']>;
  readonly comparison: Comparison;
  readonly agreement_rate: number | null;
  /** Consensus minus legacy. */
  readonly average_difference: number | null;
  readonly flips: {
    readonly newly_malicious: number;
    readonly no_longer_malicious: number;
    /** By evidence alone, before labels. */
    readonly unexplained_by_evidence: number;
    /** Flips that were looked at one by one, and how many of them labels confirm. */
    readonly looked_at: number;
    readonly confirmed_by_labels: number;
    /** Explained by evidence, but refuted by a label. */
    readonly refuted_by_labels: number;
  };
  readonly latency_ms: { readonly p50: number | null; readonly p99: number | null };
  readonly over_time: readonly ReportStep[];
  readonly settings: readonly { readonly since: string; readonly settings: string }[];
  readonly divergent: readonly DivergentAddress[];
  readonly unexplained: readonly DivergentAddress[];
  readonly scorers: Readonly<Record<ScorerName, ScorerBehaviour>>;
  /** Both scores against human labels. */
  readonly labels: {
    readonly malicious: number;
    readonly benign: number;
    readonly legacy: Judgement;
    readonly consensus: Judgement;
  };
}
