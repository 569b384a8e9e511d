import type { Usage } from '../../local/metering/usage.ts';
import type { Totals } from '../../statistics/unit-tally.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import type { RejectedInput } from './rejections.ts';

/** What a run came to, for the report to a human; `runFigures` gives machines their part. */
export interface RunResult {
  readonly source: string;
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
  /** From the first message sent to the last one done. */
  readonly durationSeconds: number;
  /** What was looked up is made up. */
  readonly areProvidersSimulated: boolean;
  readonly usage: Usage;
  readonly costUsd: number;
  readonly mostSuspicious: readonly ReadAssessment[];
  readonly mostUncertain: readonly ReadAssessment[];
}

/** The figures that `--json` prints. */
export function runFigures(result: RunResult) {
  const { statistics, usage, pushed, durationSeconds } = result;
  return {
    pushed,
    ...(Object.keys(result.skipped).length > 0 && { skipped: result.skipped }),
    stored: result.stored,
    duplicates: result.duplicates,
    rejected: result.rejected.length,
    assessments: statistics.assessments,
    consensus_failures: statistics.consensus_failures,
    high_uncertainty: statistics.high_uncertainty,
    malicious: statistics.malicious,
    degraded: statistics.degraded,
    ...(Object.keys(statistics.lookups).length > 0 && {
      lookups: statistics.lookups,
      providers_simulated: result.areProvidersSimulated,
    }),
    duration_seconds: rounded(durationSeconds, 3),
    records_per_second: Math.round(pushed / durationSeconds),
    dynamodb: {
      write_units: usage.dynamodb.write_units,
      read_units: usage.dynamodb.read_units,
      requests: usage.dynamodb.requests,
    },
    sqs: {
      requests: usage.sqs.requests - usage.sqs.empty_receives,
      billed_requests: usage.sqs.billed_requests - usage.sqs.empty_receives,
    },
    cost_per_million_usd: rounded(costPerMillion(result), 4),
  };
}

/** US dollars that AWS would charge for a million records like these. */
export function costPerMillion({ costUsd, pushed }: RunResult): number {
  return (costUsd / pushed) * 1e6;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
