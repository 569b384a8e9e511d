import { grouped } from '../../statistics/count-text.ts';
import type { Totals } from '../../statistics/unit-tally.ts';
import { styled } from './terminal.ts';

/** From this share of endpoints on, a summary says first of all how little is known. */
const LARGE_SHARE = 0.5;

/** Says in words how much nobody knows anything about, and what would change that; nothing where most is known. */
export function lackingLines(statistics: Totals): string[] {
  const { assessments, consensus_assessments: asked, without_evidence: lacking } = statistics;
  if (asked === 0 || lacking < LARGE_SHARE * assessments) return [];
  const which =
    lacking === assessments
      ? `any of the ${grouped(assessments)} endpoints`
      : `${grouped(lacking)} of the ${grouped(assessments)} endpoints`;
  const isLookedUp = Object.keys(statistics.lookups).length > 0;
  return [
    styled('bold', `Nothing is known about ${which}`),
    '  Their score is the base rate: it does not mean that they are harmless.',
    isLookedUp
      ? '  No source that was asked knows them, and their connections show nothing.'
      : '  No list or provider was asked, and their connections show nothing by themselves.',
    ...(isLookedUp
      ? []
      : ['  To know more, bring blocklists or keys of VirusTotal and AbuseIPDB: see docs/intelligence.md']),
  ];
}
