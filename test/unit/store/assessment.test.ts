import { describe, expect, it } from 'vitest';
import type { ThreatIntel } from '../../../lib/consensus/scoring-input.ts';
import type { Lookups } from '../../../lib/intelligence/look-up.ts';
import { attentionReasons, scoredInput, scoredIntel } from '../../../lib/store/assessment.ts';
import {
  assessment,
  failedAssessment,
  legacyAssessment,
  plainAssessment,
} from '../../factories/assessments.ts';

describe('attentionReasons', () => {
  it.each([
    ['nothing', plainAssessment({ threat_score: 0.69 }), []],
    ['the threshold', plainAssessment({ threat_score: 0.7 }), ['malicious']],
    ['uncertainty', assessment({ threat_score: 0.1 }), ['uncertain']],
    ['both', assessment({ threat_score: 1 }), ['malicious', 'uncertain']],
    ['a failure', failedAssessment(), ['failed']],
    ['a legacy score', legacyAssessment(), []],
    ['a high legacy score', legacyAssessment({ threat_score: 0.8 }), ['malicious']],
    ['no score at all', legacyAssessment({ threat_score: 0.5, scored_by: 'fallback' }), ['failed']],
    [
      'a failure with a high legacy score',
      { ...failedAssessment(), threat_score: 0.9 },
      ['malicious', 'failed'],
    ],
  ])('finds in %s why a human should look', (_, given, expected) => {
    expect(attentionReasons(given, 0.7)).toEqual(expected);
  });
});

describe('scoredIntel', () => {
  const own = { malicious_vendors: 0, total_vendors: 50 };
  const vendors = { malicious_vendors: 20, total_vendors: 94 };
  const reports = { confidence_score: 90, total_reports: 7 };
  const virustotal = { outcome: 'found', intel: vendors, answered_at: 1 } as const;
  const abuseipdb = { outcome: 'found', intel: reports, answered_at: 1 } as const;

  it.each<[string, ThreatIntel | undefined, Lookups | undefined, ThreatIntel | undefined]>([
    ['nothing where nothing is known', undefined, undefined, undefined],
    ['nothing where looking up found nothing', undefined, { virustotal: { outcome: 'no_quota' } }, undefined],
    ['what a record brings along', { virustotal: own }, undefined, { virustotal: own }],
    ['what was looked up', undefined, { virustotal, abuseipdb }, { virustotal: vendors, abuseipdb: reports }],
    [
      'what a record brings along rather than what was looked up',
      { virustotal: own },
      { virustotal, abuseipdb },
      { virustotal: own, abuseipdb: reports },
    ],
    ['what a record brings along where looking up found nothing', {}, { abuseipdb: { outcome: 'late' } }, {}],
  ])('is %s', (_, brought, lookups, expected) => {
    expect(scoredIntel(brought, lookups)).toEqual(expected);
  });

  it('is part of what the scorers saw', () => {
    const input = { geo_data: { country_code: 'DE' } };

    expect(scoredInput({ input })).toStrictEqual(input);
    expect(scoredInput({ input, lookups: { virustotal } })).toEqual({
      ...input,
      threat_intel: { virustotal: vendors },
    });
  });
});
