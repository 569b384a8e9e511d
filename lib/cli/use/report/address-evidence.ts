import { directionIn } from '../../../store/assessment-id.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAssessmentsOf } from '../../../store/read-assessments.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { AddressEvidence } from '../../results/site-report.ts';
import type { SummedFinding } from './sum-findings.ts';

/** A busy address can have millions of connections; a sparkline of its latest ones shows as much. */
const MOST_CONNECTIONS = 20_000;
const STEPS = 48;

/** The time that sparklines show, epoch milliseconds, both ends included. */
export interface SeenSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One span for all addresses, so that their sparklines can be compared. */
export function spanOf(findings: readonly SummedFinding[]): SeenSpan {
  return {
    fromMs: Math.min(...findings.map(({ firstSeenMs }) => firstSeenMs)),
    toMs: Math.max(...findings.map(({ lastSeenMs }) => lastSeenMs)),
  };
}

/**
 * Reads what the assessments of an address in one direction say: why it has its score, and when it was seen.
 *
 * @param range by arrival
 * @returns null where nothing is stored any longer
 */
export async function readEvidence(
  table: TableAccess,
  { address, direction }: Pick<SummedFinding, 'address' | 'direction'>,
  range: TimeRange,
  span: SeenSpan,
): Promise<AddressEvidence | null> {
  const over_time = Array.from({ length: STEPS }, () => 0);
  let connections = 0;
  let is_partial = false;
  let worst: ReadAssessment | undefined;
  for await (const read of readAssessmentsOf(table, address, range.nowMs)) {
    if (read.ingestedAtMs < range.fromMs || read.ingestedAtMs > range.toMs) continue;
    if (!read.endpoints.some((endpoint) => directionIn(endpoint) === direction)) continue;
    if (worst === undefined || read.assessment.threat_score > worst.assessment.threat_score) worst = read;
    connections += read.connections.length;
    for (const { timestamp } of read.connections) {
      const step = stepIn(span, timestamp * 1_000);
      if (step !== undefined) over_time[step] = (over_time[step] ?? 0) + 1;
    }
    if (connections < MOST_CONNECTIONS) continue;
    is_partial = true;
    break;
  }
  if (worst === undefined) return null;
  const { evidence, votes } = worst.assessment;
  return {
    sources: evidence,
    votes: Object.entries(votes).map(([scorer, { score, reasoning }]) => ({ scorer, score, reasoning })),
    connections,
    is_partial,
    over_time,
  };
}

/** @returns undefined outside the span */
function stepIn({ fromMs, toMs }: SeenSpan, ms: number): number | undefined {
  if (ms < fromMs || ms > toMs) return undefined;
  const width = (toMs - fromMs) / STEPS;
  return width === 0 ? 0 : Math.min(STEPS - 1, Math.floor((ms - fromMs) / width));
}
