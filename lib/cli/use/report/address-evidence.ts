import { directionIn } from '../../../store/assessment-id.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAssessmentsOf } from '../../../store/read-assessments.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { AddressEvidence } from '../../results/site-report.ts';
import type { SummedFinding } from './sum-findings.ts';

/** A busy address can have millions of connections; a sparkline of the latest ones shows as much. */
const MOST_CONNECTIONS = 20_000;
const STEPS = 48;

/** The evidence in an address's assessments. */
export interface StoredEvidence extends Omit<AddressEvidence, 'over_time'> {
  /** Times of its connections, epoch milliseconds; at least one. */
  readonly times: readonly number[];
}

/** The time range of sparklines, epoch milliseconds, both ends inclusive. */
export interface SeenSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Reads an address's assessments in one direction: the evidence for its score, and when it was seen.
 *
 * @param range by arrival
 * @returns null if they have expired
 */
export async function readEvidence(
  table: TableAccess,
  { address, direction }: Pick<SummedFinding, 'address' | 'direction'>,
  range: TimeRange,
): Promise<StoredEvidence | null> {
  const times: number[] = [];
  let is_partial = false;
  let worst: ReadAssessment | undefined;
  for await (const read of readAssessmentsOf(table, address, range.nowMs)) {
    if (read.ingestedAtMs < range.fromMs || read.ingestedAtMs > range.toMs) continue;
    if (!read.endpoints.some((endpoint) => directionIn(endpoint) === direction)) continue;
    if (worst === undefined || read.assessment.threat_score > worst.assessment.threat_score) worst = read;
    for (const { timestamp } of read.connections) times.push(timestamp * 1_000);
    if (times.length < MOST_CONNECTIONS) continue;
    is_partial = true;
    break;
  }
  if (worst === undefined) return null;
  const { evidence, votes } = worst.assessment;
  return {
    sources: evidence,
    votes: Object.entries(votes).map(([scorer, { score, reasoning }]) => ({ scorer, score, reasoning })),
    connections: times.length,
    is_partial,
    times,
  };
}

/** The shortest span that holds all times; if there are none, both ends are infinite. */
export function spanOf(times: Iterable<number>): SeenSpan {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time < fromMs) fromMs = time;
    if (time > toMs) toMs = time;
  }
  return { fromMs, toMs };
}

/** Counts times in equal steps over a span that holds them all. */
export function countOver({ fromMs, toMs }: SeenSpan, times: readonly number[]): number[] {
  const counts = Array.from({ length: STEPS }, () => 0);
  const width = (toMs - fromMs) / STEPS;
  for (const time of times) {
    const step = width === 0 ? 0 : Math.min(STEPS - 1, Math.floor((time - fromMs) / width));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}
