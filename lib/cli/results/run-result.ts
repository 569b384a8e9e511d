import type { SurveyResult } from '../../activity/site-survey.ts';
import type { Usage } from '../../local/metering/usage.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import type { Latencies } from '../../statistics/latencies.ts';
import type { Totals } from '../../statistics/unit-tally.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import type { EvidenceCounts } from './evidence-counts.ts';

/** A record that the service rejected, by its place in the user's input. */
export interface RejectedInput {
  readonly position: number;
  readonly reason: string;
}

/** What a run came to. */
export interface RunResult {
  readonly source: string;
  readonly format: LogFormat;
  /** What a place in the input is called: `line`, `element` or `row`. */
  readonly unit: string;
  readonly pushed: number;
  /** Entries of the input that are no connections, by what they are. */
  readonly skipped: Readonly<Record<string, number>>;
  /** How many of the rejected were found invalid before they were sent. */
  readonly unsent: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedInput[];
  /** Places of records that ended nowhere. */
  readonly missing: readonly number[];
  readonly statistics: Totals;
  /** From the start of work on a unit to its verdicts, and from receiving it to its being stored. */
  readonly latency: { readonly verdict: Latencies; readonly stored: Latencies };
  /** From the first message sent to the last one done. */
  readonly durationSeconds: number;
  /** What was looked up is made up. */
  readonly areProvidersSimulated: boolean;
  readonly usage: Usage;
  readonly costUsd: number;
  readonly highlights: RunHighlights;
  /** Addresses that were announced one by one. */
  readonly announcements: number;
  /** Of how many addresses there is evidence, by source. */
  readonly evidence: EvidenceCounts;
  /** What the log shows of its sensor and its network. */
  readonly survey: SurveyResult;
}

/** What a human would ask for first. */
export interface RunHighlights {
  /** One assessment an address, the most urgent first; see `urgencyOf`. */
  readonly mostUrgent: readonly ReadAssessment[];
  readonly mostUncertain: readonly ReadAssessment[];
  /** Addresses from outside that nothing answered: summed up, since nobody has to act on them. */
  readonly knocks: {
    readonly addresses: number;
    readonly connections: number;
    /** Addresses among them with a verdict of the malicious threshold and above. */
    readonly maliciousAddresses: number;
    /** One assessment an address, the highest score first. */
    readonly worst: readonly ReadAssessment[];
  };
}

/** US dollars that AWS would charge for a million records like these; 0 where there were none. */
export function costPerMillion({ costUsd, pushed }: RunResult): number {
  return pushed === 0 ? 0 : (costUsd / pushed) * 1e6;
}
