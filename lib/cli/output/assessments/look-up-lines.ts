import type { Listing } from '../../../consensus/listing.ts';
import type { LookUp, LookUpOutcome, LookUps } from '../../../intelligence/look-up.ts';
import { grouped } from '../../../statistics/count-text.ts';
import type { LookUpStatistics } from '../../../store/unit-statistics.ts';
import { printable } from '../terminal.ts';

const MEANINGS: Readonly<Record<LookUpOutcome, string>> = {
  found: 'found',
  unknown: 'not known there',
  stale: 'an old answer, because the provider is down',
  refused: 'refused to answer',
  late: 'no answer in time',
  no_quota: 'not asked: the quota is used up',
  circuit_open: 'not asked: it keeps failing',
  bad_key: 'not asked: it rejects the key',
  failed: 'failed to answer',
};

/** One line: what was looked up about an address, and where. */
export function lookUpText(lookups: LookUps): string {
  const { listings, ...asked } = lookups;
  const parts = Object.entries(asked).map(([source, lookup]) => `${source} ${describe(lookup)}`);
  if (listings?.intel !== undefined) parts.push(`listed by ${listings.intel.map(listingText).join(', ')}`);
  return `looked up: ${printable(parts.join('; '))}`;
}

function listingText({ source, kind, unlisted_days }: Listing): string {
  const until = unlisted_days === undefined ? '' : ` until ${unlisted_days}+ days ago`;
  return `${source} (${kind}${until})`;
}

function describe({ outcome, answered_at, from }: LookUp): string {
  const details = [
    ...(answered_at === undefined ? [] : [new Date(answered_at * 1000).toISOString()]),
    ...(from === undefined ? [] : [isOnThisMachine(from) ? 'simulated' : `from ${from}`]),
  ];
  return `${MEANINGS[outcome]}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}

/** No real provider runs on the machine that asks it. */
function isOnThisMachine(from: string): boolean {
  return from.startsWith('http:');
}

/** One line per source: addresses by the outcome of their look-up. */
export function lookupStatisticsLines(lookups: LookUpStatistics): string[] {
  return Object.entries(lookups).map(
    ([source, outcomes]) => `  ${source.padEnd(12)} ${outcomesText(outcomes)}`,
  );
}

/** `120 found; 30 not asked: the quota is used up` */
export function outcomesText(outcomes: Readonly<Partial<Record<LookUpOutcome, number>>>): string {
  const counts = Object.entries(outcomes).map(
    ([outcome, count]) => `${grouped(count)} ${MEANINGS[outcome as LookUpOutcome]}`,
  );
  return counts.join('; ');
}
