import { rangeOfAddress, rangeOfBlock } from '../../../intelligence/lists/address-range.ts';
import { canonicalAddress } from '../../../records/address.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAssessmentsBetween, readAssessmentsOf } from '../../../store/read-assessments.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import { CliError } from '../../cli-error.ts';
import { type SeenOptions, seenIn, seenRangeOf } from '../seen-range.ts';
import { take } from '../take.ts';

/** @throws {CliError} if the text is not an address */
export function addressOf(text: string): string {
  const address = canonicalAddress(text);
  if (address === undefined) throw new CliError(`"${text}" is not an IPv4 or IPv6 address`, 2);
  return address;
}

export interface AssessmentsOptions extends SeenOptions {
  /** Excludes earlier arrivals, epoch milliseconds. */
  readonly since?: number;
  readonly limit: number;
}

/** Reads the assessments of an address, latest connection first. */
export function assessmentsOf(
  table: TableAccess,
  address: string,
  { since, limit, ...seen }: AssessmentsOptions,
): AsyncGenerator<ReadAssessment> {
  const arrived = arrivedSince(readAssessmentsOf(table, address, Date.now()), since);
  return take(seenIn(seenRangeOf(seen), arrived), limit);
}

async function* arrivedSince(
  assessments: AsyncIterable<ReadAssessment>,
  sinceMs: number | undefined,
): AsyncGenerator<ReadAssessment> {
  for await (const read of assessments) {
    if (sinceMs === undefined || read.ingestedAtMs >= sinceMs) yield read;
  }
}

/**
 * Reads the assessments of all remote addresses in a network that arrived in a time range, newest unit first. Of other
 * addresses only the keys are read.
 *
 * @param network in canonical form: `192.0.2.0/24`
 */
export function assessmentsIn(
  table: TableAccess,
  network: string,
  range: TimeRange,
  { limit, ...seen }: AssessmentsOptions,
): AsyncGenerator<ReadAssessment> {
  const { family, first, last } = rangeOfBlock(network);
  const isWithin = (address: string) => {
    const { family: own, first: position } = rangeOfAddress(address);
    return own === family && position >= first && position <= last;
  };
  return take(seenIn(seenRangeOf(seen), readAssessmentsBetween(table, range, isWithin)), limit);
}

/**
 * Reads which addresses a local host talked to: the assessments that arrived in a time range, each with only the host's
 * connections. There is no index for this, so everything in the range is read.
 */
export function assessmentsWithHost(
  table: TableAccess,
  host: string,
  range: TimeRange,
  { limit, ...seen }: AssessmentsOptions,
): AsyncGenerator<ReadAssessment> {
  const all = ofHost(host, readAssessmentsBetween(table, range));
  return take(seenIn(seenRangeOf(seen), all), limit);
}

async function* ofHost(
  host: string,
  assessments: AsyncIterable<ReadAssessment>,
): AsyncGenerator<ReadAssessment> {
  for await (const read of assessments) {
    const connections = read.connections.filter(
      ({ src_ip, dst_ip }) => read.address !== host && (src_ip === host || dst_ip === host),
    );
    if (connections.length > 0) yield { ...read, connections };
  }
}
