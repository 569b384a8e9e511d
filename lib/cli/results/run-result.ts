import type { SurveyResult } from '../../activity/site-survey.ts';
import type { Usage } from '../../local/metering/usage.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import type { Latencies } from '../../statistics/latencies.ts';
import type { Totals } from '../../statistics/unit-tally.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import type { EvidenceCounts } from './evidence-counts.ts';

/** A rejected record, by its position in the user's input. */
export interface RejectedInput {
  readonly position: number;
  readonly reason: string;
}

/** Result of a run. */
export interface RunResult {
  readonly source: string;
  readonly format: LogFormat;
  /** Unit of positions in the input: `line`, `element` or `row`. */
  readonly unit: string;
  readonly pushed: number;
  /** Entries that are not connections, by kind. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Rejected entries found to be invalid before they were sent. */
  readonly unsent: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedInput[];
  /** Positions of unaccounted records. */
  readonly missing: readonly number[];
  readonly statistics: Totals;
  /** From the start of work on a unit to its verdicts, and from receiving it until it is stored. */
  readonly latency: { readonly verdict: Latencies; readonly stored: Latencies };
  /** From the first message sent to the last one finished. */
  readonly durationSeconds: number;
  /** Whether look-ups were answered by simulated providers. */
  readonly areProvidersSimulated: boolean;
  readonly usage: Usage;
  readonly costUsd: number;
  readonly highlights: RunHighlights;
  /** Addresses announced individually. */
  readonly announcements: number;
  /** Number of addresses with evidence, by source. */
  readonly evidence: EvidenceCounts;
  /** What the log reveals about its sensor and network. */
  readonly survey: SurveyResult;
}

/** The results a user wants to see first. */
export interface RunHighlights {
  /** One assessment per address, most urgent first; see `urgencyOf`. */
  readonly mostUrgent: readonly ReadAssessment[];
  readonly mostUncertain: readonly ReadAssessment[];
  /** Addresses from outside that never got an answer, summarised because nobody has to act on them. */
  readonly knocks: {
    readonly addresses: number;
    readonly connections: number;
    /** Those with a verdict at or above the malicious threshold. */
    readonly maliciousAddresses: number;
    /** One assessment per address, highest score first. */
    readonly worst: readonly ReadAssessment[];
  };
}

/** AWS charges for a million records like these, US dollars; 0 if there were none. */
export function costPerMillion({ costUsd, pushed }: RunResult): number {
  return pushed === 0 ? 0 : (costUsd / pushed) * 1e6;
}
