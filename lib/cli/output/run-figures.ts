import { costPerMillion, type RunResult } from '../results/run-result.ts';

/** A run's result as `--json` prints it. */
export function runFigures(result: RunResult) {
  const { statistics, usage, pushed, durationSeconds, survey } = result;
  const { addresses, connections, maliciousAddresses } = result.highlights.knocks;
  return {
    pushed,
    ...(Object.keys(result.skipped).length > 0 && { skipped: result.skipped }),
    stored: result.stored,
    duplicates: result.duplicates,
    rejected: result.rejected.length,
    assessments: statistics.assessments,
    ...(statistics.allowed > 0 && { allowed: statistics.allowed }),
    without_evidence: statistics.without_evidence,
    consensus_failures: statistics.consensus_failures,
    high_uncertainty: statistics.high_uncertainty,
    malicious: statistics.malicious,
    degraded: statistics.degraded,
    announcements: result.announcements,
    unanswered_knocks: { connections, addresses, malicious_addresses: maliciousAddresses },
    ...(statistics.fan_outs.length > 0 && { fan_outs: statistics.fan_outs }),
    ...(survey.withoutLocalSide > 0 && {
      without_local_side: survey.withoutLocalSide,
      home_candidates: survey.homeCandidates,
    }),
    ...(survey.isOneSided && { one_sided_sensor: true }),
    evidence: Object.fromEntries(result.evidence.sources.map(({ source, addresses: own }) => [source, own])),
    ...(Object.keys(statistics.lookups).length > 0 && {
      lookups: statistics.lookups,
      providers_simulated: result.areProvidersSimulated,
    }),
    duration_seconds: rounded(durationSeconds, 3),
    records_per_second: Math.round(pushed / durationSeconds),
    latency_ms: result.latency.verdict,
    received_to_stored_ms: result.latency.stored,
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

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
