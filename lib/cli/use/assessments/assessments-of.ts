import { canonicalAddress } from '../../../records/address.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAssessmentsOf } from '../../../store/read-assessments.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import { CliError } from '../../cli-error.ts';
import { type SeenOptions, seenIn, seenRangeOf } from '../seen-range.ts';
import { take } from '../take.ts';

/** @throws {CliError} where a text is not an address */
export function addressOf(text: string): string {
  const address = canonicalAddress(text);
  if (address === undefined) throw new CliError(`"${text}" is not an IPv4 or IPv6 address`, 2);
  return address;
}

export interface AssessmentsOptions extends SeenOptions {
  /** Leaves out what arrived earlier, epoch milliseconds. */
  readonly since?: number;
  readonly limit: number;
}

/** Reads the assessments of an address, those with the latest connection first. */
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
