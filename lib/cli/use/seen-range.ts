import type { Label } from '../../store/labels.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import { CliError } from '../cli-error.ts';
import type { SeenRange } from '../results/seen-range.ts';

/** Options for a range of event times, epoch milliseconds. */
export interface SeenOptions {
  readonly seenSince?: number;
  readonly seenUntil?: number;
}

const DAY_MS = 86_400_000;
/** How far back arrivals are searched for event times: the usual retention. */
const ARRIVAL_DAYS = 90;

/** @throws {CliError} if the range ends before it begins */
export function seenRangeOf({ seenSince, seenUntil }: SeenOptions): SeenRange {
  const range = {
    fromMs: seenSince ?? Number.NEGATIVE_INFINITY,
    toMs: seenUntil ?? Number.POSITIVE_INFINITY,
  };
  if (range.toMs <= range.fromMs) throw new CliError('--seen-until must be later than --seen-since', 2);
  return range;
}

/**
 * The earliest arrival to search. Events are often pushed long after they were seen, so a call that gives only event
 * times searches the usual retention.
 *
 * @param byDefaultMs how far back otherwise, milliseconds
 */
export function arrivalSince(
  { since, seenSince, seenUntil }: SeenOptions & { readonly since?: number },
  byDefaultMs: number,
  nowMs: number,
): number {
  if (since !== undefined) return since;
  const isBySeen = seenSince !== undefined || seenUntil !== undefined;
  return nowMs - (isBySeen ? Math.max(byDefaultMs, ARRIVAL_DAYS * DAY_MS) : byDefaultMs);
}

/** Whether an event lies in the range. @param timestamp epoch seconds */
export function isSeenIn({ fromMs, toMs }: SeenRange, timestamp: number): boolean {
  const ms = timestamp * 1000;
  return ms >= fromMs && ms < toMs;
}

/** The assessments that cover a connection in the range. */
export async function* seenIn(
  range: SeenRange,
  assessments: AsyncIterable<ReadAssessment>,
): AsyncGenerator<ReadAssessment> {
  for await (const read of assessments) {
    if (read.connections.some(({ timestamp }) => isSeenIn(range, timestamp))) yield read;
  }
}

/** The labels of addresses whose latest connection, as of assessment, lies in the range. */
export async function* seenLabels(labels: AsyncIterable<Label>, range: SeenRange): AsyncGenerator<Label> {
  for await (const label of labels) if (isSeenIn(range, label.latestMs / 1000)) yield label;
}
