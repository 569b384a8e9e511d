import type { Label } from '../../store/labels.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import { CliError } from '../cli-error.ts';
import type { SeenRange } from '../results/seen-range.ts';

/** What a call says about when connections were seen, epoch milliseconds. */
export interface SeenOptions {
  readonly seenSince?: number;
  readonly seenUntil?: number;
}

const DAY_MS = 86_400_000;
/** How far back what arrived is looked through for events by their own time: as long as deployments usually keep it. */
const ARRIVAL_DAYS = 90;

/** @throws {CliError} if it ends before it begins */
export function seenRangeOf({ seenSince, seenUntil }: SeenOptions): SeenRange {
  const range = {
    fromMs: seenSince ?? Number.NEGATIVE_INFINITY,
    toMs: seenUntil ?? Number.POSITIVE_INFINITY,
  };
  if (range.toMs <= range.fromMs) throw new CliError('--seen-until must be later than --seen-since', 2);
  return range;
}

/**
 * From when on arrivals are looked through. Events are often pushed long after they were seen, so a call that asks by
 * their own time alone gets all that is usually kept.
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

/** Whether an event was seen then. @param timestamp epoch seconds */
export function isSeenIn({ fromMs, toMs }: SeenRange, timestamp: number): boolean {
  const ms = timestamp * 1000;
  return ms >= fromMs && ms < toMs;
}

/** The assessments that cover a connection seen in that time. */
export async function* seenIn(
  range: SeenRange,
  assessments: AsyncIterable<ReadAssessment>,
): AsyncGenerator<ReadAssessment> {
  for await (const read of assessments) {
    if (read.connections.some(({ timestamp }) => isSeenIn(range, timestamp))) yield read;
  }
}

/** The labels of addresses whose latest connection, when they were assessed, was seen then. */
export async function* seenLabels(labels: AsyncIterable<Label>, range: SeenRange): AsyncGenerator<Label> {
  for await (const label of labels) if (isSeenIn(range, label.latestMs / 1000)) yield label;
}
