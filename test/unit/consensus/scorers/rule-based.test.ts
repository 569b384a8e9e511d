import { describe, expect, it } from 'vitest';
import { ruleBased } from '../../../../lib/consensus/scorers/rule-based.ts';
import type { ScoringInput } from '../../../../lib/consensus/scoring-input.ts';
import { ADDRESS, reports, vendors, withIntel } from '../scoring-inputs.ts';

const listed = { lists: 1, total_lists: 25 };

describe('the confidence of the rules', () => {
  it.each<{ name: string; input: ScoringInput; confidence: number }>([
    { name: 'nobody answered', input: { address: ADDRESS }, confidence: 0.05 },
    { name: '60 vendors did', input: withIntel({ virustotal: vendors(0, 60) }), confidence: 0.4775 },
    { name: '90 vendors did', input: withIntel({ virustotal: vendors(0, 90) }), confidence: 0.4775 },
    { name: '30 vendors did', input: withIntel({ virustotal: vendors(0, 30) }), confidence: 0.2638 },
    { name: 'a blocklist did', input: withIntel({ blocklist: listed }), confidence: 0.3825 },
    {
      name: 'a blocklist does not name it',
      input: withIntel({ blocklist: { lists: 0, total_lists: 1 } }),
      confidence: 0.05,
    },
    { name: 'reports did', input: withIntel({ abuseipdb: reports(0, 0, 0) }), confidence: 0.43 },
    {
      name: 'all did',
      input: withIntel({ virustotal: vendors(0, 60), blocklist: listed, abuseipdb: reports(0, 0, 0) }),
      confidence: 0.7962,
    },
  ])('is $confidence where $name', ({ input, confidence }) => {
    expect(ruleBased.score(input).confidence).toBe(confidence);
  });
});

describe('the reasoning of the rules', () => {
  it.each<{ name: string; input: ScoringInput; reasoning: string }>([
    {
      name: 'what raises',
      input: withIntel({ virustotal: vendors(3, 94) }),
      reasoning: 'Raised by 3+ vendors.',
    },
    {
      name: 'what lowers',
      input: withIntel({ virustotal: vendors(0, 94), abuseipdb: reports(0, 0, 0) }),
      reasoning: 'No rule raises it; lowered by vendors silent; hardly reported.',
    },
    {
      name: 'both',
      input: withIntel({ virustotal: vendors(1, 94), abuseipdb: reports(0, 0, 0) }),
      reasoning: 'Raised by a vendor; lowered by hardly reported.',
    },
    {
      name: 'five ladders and how many more',
      input: withIntel(
        { virustotal: vendors(40, 94), abuseipdb: reports(100, 900, 300) },
        { report_age_days: 1, dst_port: 22 },
      ),
      reasoning:
        'Raised by 10+ vendors; 20 % of vendors; 30+ reporters; 3+ reporters lately; 10+ reports lately and 4 more.',
    },
  ])('names $name', ({ input, reasoning }) => {
    expect(ruleBased.score(input).reasoning).toBe(reasoning);
  });

  it('names five ladders without counting more', () => {
    const input = withIntel(
      { virustotal: vendors(4, 94), abuseipdb: reports(50, 3, 1) },
      { report_age_days: 10 },
    );

    expect(ruleBased.score(input).reasoning).toBe(
      'Raised by 3+ vendors; 4 % of vendors; 2+ reports; 3+ reports lately; abuse confidence 50 %.',
    );
  });
});

it('the strongest reassurance alone lowers the base rate', () => {
  const input = withIntel({
    virustotal: vendors(0, 94),
    abuseipdb: reports(0, 0, 0, { is_whitelisted: true }),
  });

  expect(ruleBased.score(input)).toMatchObject({ score: 0.027, features: { base: 0.027 } });
});
