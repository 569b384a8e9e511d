import { describe, expect, it } from 'vitest';
import { type Evidence, readEvidence } from '../../../lib/consensus/evidence.ts';
import { findEvidenceSources } from '../../../lib/consensus/evidence-sources.ts';
import { readInput } from '../../../lib/consensus/reading.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { ADDRESS, reports, vendors, withIntel } from './scoring-inputs.ts';

const NOTHING: Evidence = {
  vendors: 0,
  vendorFlags: 0,
  hasAbuseAnswer: false,
  abuseConfidence: 0,
  reports: 0,
  reporters: 0,
  reportAgeDays: 30,
  isWhitelisted: false,
  isTor: false,
};

describe('readEvidence', () => {
  it.each<{ name: string; input: ScoringInput; found: Partial<Evidence> }>([
    { name: 'nothing', input: { address: ADDRESS }, found: {} },
    {
      name: 'vendors',
      input: withIntel({ virustotal: vendors(3, 94) }),
      found: { vendors: 94, vendorFlags: 3 },
    },
    {
      name: 'suspicious vendors, by half',
      input: withIntel({ virustotal: vendors(1, 94, 3) }),
      found: { vendors: 94, vendorFlags: 2.5 },
    },
    {
      name: 'more flags than vendors',
      input: withIntel({ virustotal: vendors(9, 10, 9) }),
      found: { vendors: 10, vendorFlags: 10 },
    },
    {
      name: 'reports that are believed',
      input: withIntel({ abuseipdb: reports(15, 20, 8) }),
      found: { hasAbuseAnswer: true, abuseConfidence: 0.15, reports: 20, reporters: 8 },
    },
    {
      name: 'reports that are believed by a third',
      input: withIntel({ abuseipdb: reports(5, 30, 15) }),
      found: {
        hasAbuseAnswer: true,
        abuseConfidence: 0.05,
        reports: expect.closeTo(10),
        reporters: expect.closeTo(5),
      },
    },
    {
      name: 'reports that are not believed',
      input: withIntel({ abuseipdb: reports(0, 20, 8) }),
      found: { hasAbuseAnswer: true },
    },
    {
      name: 'more reporters than reports',
      input: withIntel({ abuseipdb: reports(100, 1, 9) }),
      found: { hasAbuseAnswer: true, abuseConfidence: 1, reports: 9, reporters: 9 },
    },
    {
      name: 'reporters that are not counted',
      input: withIntel({ abuseipdb: { confidence_score: 200, total_reports: 49 } }),
      found: { hasAbuseAnswer: true, abuseConfidence: 1, reports: 49, reporters: 7 },
    },
    {
      name: 'counts beyond any sense',
      input: withIntel({ virustotal: vendors(1e12, 1e12) }),
      found: { vendors: 1e9, vendorFlags: 1e9 },
    },
    { name: 'an age', input: { address: ADDRESS, report_age_days: 12 }, found: { reportAgeDays: 12 } },
    { name: 'age 0', input: { address: ADDRESS, report_age_days: 0 }, found: { reportAgeDays: 0 } },
    {
      name: 'a great age',
      input: { address: ADDRESS, report_age_days: 1e6 },
      found: { reportAgeDays: 3_650 },
    },
    {
      name: 'flags',
      input: withIntel({ abuseipdb: reports(0, 0, 0, { is_whitelisted: true, is_tor: true }) }),
      found: { hasAbuseAnswer: true, isWhitelisted: true, isTor: true },
    },
    {
      name: 'flags that are off',
      input: withIntel({ abuseipdb: reports(0, 0, 0, { is_whitelisted: false, is_tor: false }) }),
      found: { hasAbuseAnswer: true },
    },
    {
      name: 'text for a number',
      input: withIntel({ virustotal: vendors('9' as unknown as number, '94' as unknown as number) }),
      found: {},
    },
  ])('reads $name', ({ input, found }) => {
    expect(readEvidence(input)).toEqual({ ...NOTHING, ...found });
  });
});

describe('findEvidenceSources', () => {
  it.each<{ name: string; input: ScoringInput; sources: string[] }>([
    { name: 'nothing', input: { address: ADDRESS }, sources: [] },
    {
      name: 'answers',
      input: withIntel({
        virustotal: vendors(0, 1),
        abuseipdb: reports(0, 0, 0),
        blocklist: { lists: 1, total_lists: 1 },
      }),
      sources: ['virustotal', 'abuseipdb', 'listings'],
    },
    {
      name: 'empty answers',
      input: withIntel({ virustotal: vendors(0, 0), blocklist: { lists: 0, total_lists: 9 } }),
      sources: [],
    },
  ])('names the sources of $name', ({ input, sources }) => {
    expect(findEvidenceSources(readInput(input))).toEqual(sources);
  });
});
