import { describe, expect, it } from 'vitest';
import { createStatisticalScorer, statistical } from '../../../../lib/consensus/scorers/statistical.ts';
import model from '../../../../lib/consensus/scorers/statistical-model.json' with { type: 'json' };
import { reports, vendors, withIntel } from '../scoring-inputs.ts';

describe('the confidence of the statistical scorer', () => {
  const confidenceOf = (total: number) =>
    statistical.score(withIntel({ virustotal: vendors(0, total) })).confidence;

  it('grows with the vendors that answered, up to 128', () => {
    expect(confidenceOf(127)).toBeLessThan(confidenceOf(128));
    expect(confidenceOf(129)).toBe(confidenceOf(128));
  });
});

describe('effective reports', () => {
  it.each([
    { name: 'one', intel: reports(100, 1, 1), age: 0, expected: 1 },
    {
      name: 'further ones of the same users, by their logarithm',
      intel: reports(100, 10, 3),
      age: 0,
      expected: 5.0794,
    },
    { name: 'of 20 days in full', intel: reports(100, 10, 10), age: 20, expected: 10 },
    { name: 'two weeks later, half of 70 % forgotten', intel: reports(100, 10, 10), age: 34, expected: 6.5 },
    { name: 'none', intel: reports(100, 0, 0), age: 0, expected: undefined },
  ])('count $name as $expected', ({ intel, age, expected }) => {
    const { features } = statistical.score(withIntel({ abuseipdb: intel }, { report_age_days: age }));

    expect(features.effective_reports).toBe(expected);
  });
});

describe('the reasoning of the statistical scorer', () => {
  it.each([
    { alpha: 1.02, said: '+0' },
    { alpha: 1.3, said: '+0.2' },
    { alpha: 0.7, said: '-0.3' },
  ])('says a weight with its sign: $said', ({ alpha, said }) => {
    const vendorClasses = { malicious: { alpha, beta: 1 }, benign: { alpha: 1, beta: 1 } };
    const scorer = createStatisticalScorer({ ...model, vendors: vendorClasses });

    const { reasoning } = scorer.score(withIntel({ virustotal: vendors(10, 10) }));

    expect(reasoning).toContain(`log-odds of the evidence: vendors ${said}.`);
  });
});
