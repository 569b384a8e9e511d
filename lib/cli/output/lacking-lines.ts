import { grouped } from '../../statistics/count-text.ts';
import type { Totals } from '../../statistics/unit-tally.ts';
import { styled } from './terminal.ts';

/** From this share of endpoints on, a summary begins with how little is known. */
const LARGE_SHARE = 0.5;

/** Explains how many endpoints nothing is known about, and what would change that; empty if most are known. */
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
      ? '  None of the sources asked knows them, and their connections show nothing.'
      : '  No list or provider was asked, and their connections alone show nothing.',
    ...(isLookedUp
      ? []
      : ['  To know more, add blocklists or keys for VirusTotal and AbuseIPDB: see docs/intelligence.md']),
  ];
}
