import type { Lookup, LookupOutcome, Lookups } from '../../../intelligence/look-up.ts';
import { grouped } from '../../../statistics/count-text.ts';
import type { LookupStatistics } from '../../../store/unit-statistics.ts';
import { printable } from '../terminal.ts';

const MEANINGS: Readonly<Record<LookupOutcome, string>> = {
  found: 'found',
  unknown: 'not known there',
  stale: 'an old answer, since the provider is down',
  refused: 'refused to answer',
  late: 'no answer in time',
  no_quota: 'not asked, the quota is used up',
  circuit_open: 'not asked, it keeps failing',
  bad_key: 'not asked, it refuses the key',
  failed: 'failed to answer',
};

/** One line: what was looked up about an address, and from whom it is. */
export function lookupText(lookups: Lookups): string {
  const parts = Object.entries(lookups).map(([source, lookup]) => `${source} ${describe(lookup)}`);
  return `looked up: ${printable(parts.join('; '))}`;
}

function describe({ outcome, answered_at, from, sets }: Lookup): string {
  const details = [
    ...(answered_at === undefined ? [] : [new Date(answered_at * 1000).toISOString()]),
    ...(from === undefined ? [] : [isOnThisMachine(from) ? 'simulated' : `from ${from}`]),
    ...(sets === undefined ? [] : [`in ${sets.join(', ')}`]),
  ];
  return `${MEANINGS[outcome]}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}

/** Nobody's intelligence is served from the machine that asks for it. */
function isOnThisMachine(from: string): boolean {
  return from.startsWith('http:');
}

/** A line for each source: addresses by what looking them up came to. */
export function lookupStatisticsLines(lookups: LookupStatistics): string[] {
  return Object.entries(lookups).map(([source, outcomes]) => {
    const counts = Object.entries(outcomes).map(
      ([outcome, count]) => `${grouped(count)} ${MEANINGS[outcome as LookupOutcome]}`,
    );
    return `  ${source.padEnd(12)} ${counts.join('; ')}`;
  });
}
