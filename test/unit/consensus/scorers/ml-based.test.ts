import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../../../lib/consensus/evidence.ts';
import { probabilityOf } from '../../../../lib/consensus/probability.ts';
import { createMlScorer, createReportWeight } from '../../../../lib/consensus/scorers/ml-based.ts';
import model from '../../../../lib/consensus/scorers/ml-model.json' with { type: 'json' };
import type { AbuseIpdbIntel, ScoringInput } from '../../../../lib/consensus/scoring-input.ts';
import { ADDRESS, reports, vendors, withIntel } from '../scoring-inputs.ts';

/** Gives every feature a weight, unlike the fitted model. */
function scorerWith(feeds: { feed_share: number; feed_flags: number; feeds_asked: number }) {
  return createMlScorer({ intercept: -2, feeds, reports: model.reports });
}

/** Tables in which reports have no weight. */
const WEIGHTLESS = {
  tables: Object.fromEntries(
    Object.entries(model.reports.tables).map(([name, rows]) => [name, rows.map((row) => row.map(() => 0))]),
  ) as typeof model.reports.tables,
};

const oneVendor = withIntel({ virustotal: vendors(1, 100) });

describe('the additive model with all features', () => {
  const scorer = scorerWith({ feed_share: 1, feed_flags: 2, feeds_asked: -0.5 });

  it('adds up what each contributes', () => {
    const { score, features } = scorer.score(oneVendor);

    const contributions = [
      0.25,
      (2 * Math.log1p(1)) / Math.log1p(94),
      (-0.5 * Math.log1p(100)) / Math.log1p(94),
    ];
    expect(features).toEqual({ feed_share: 0.25, feed_flags: 0.3044, feeds_asked: -0.5067 });
    expect(score).toBeCloseTo(probabilityOf(contributions.reduce((sum, part) => sum + part, -2)), 4);
  });

  it('takes half a nat from a whitelisted address', () => {
    const { features } = scorer.score(withIntel({ abuseipdb: reports(0, 0, 0, { is_whitelisted: true }) }));

    expect(features.whitelisted).toBe(-0.5);
  });

  it('claims at most 99.3 %', () => {
    const certain = scorerWith({ feed_share: 100, feed_flags: 0, feeds_asked: 0 }).score(oneVendor);

    expect(certain.score).toBe(0.9933);
  });
});

describe('the confidence of the additive model', () => {
  const scorer = scorerWith({ feed_share: 8, feed_flags: 0, feeds_asked: 0 });

  it.each<{ name: string; input: ScoringInput; confidence: number }>([
    { name: 'no source answered', input: { address: ADDRESS }, confidence: 0.05 },
    // Log-odds of 0: half of half the sources.
    { name: 'one vendor answered', input: withIntel({ virustotal: vendors(0, 1) }), confidence: 0.3998 },
    { name: 'vendors answered, undecided', input: oneVendor, confidence: 0.2875 },
    {
      name: 'a blocklist does not name it',
      input: withIntel({ blocklist: { lists: 0, total_lists: 9 } }),
      confidence: 0.05,
    },
  ])('is $confidence where $name', ({ input, confidence }) => {
    expect(scorer.score(input).confidence).toBe(confidence);
  });

  it('is a number where the score rounds to 0', () => {
    const sceptic = createMlScorer({ ...model, intercept: -20 });

    expect(sceptic.score(oneVendor)).toMatchObject({ score: 0, confidence: 0.525 });
  });
});

describe('the reasoning of the additive model', () => {
  it.each<{ name: string; share: number; flags: number; input: ScoringInput; reasoning: string }>([
    {
      name: 'no source',
      share: 1,
      flags: 1,
      input: { address: ADDRESS },
      reasoning: 'Additive model: 12 %, from the base rate, as no source answered.',
    },
    {
      name: 'next to nothing',
      share: 0.36,
      flags: 0,
      input: oneVendor,
      reasoning: 'Additive model: 13 %; no feature raises it.',
    },
    {
      name: 'just enough',
      share: 0.44,
      flags: 0,
      input: oneVendor,
      reasoning: 'Additive model: 13 %, raised most by the share of vendors.',
    },
    {
      name: 'exactly enough',
      share: 0.4,
      flags: 0,
      input: oneVendor,
      reasoning: 'Additive model: 13 %, raised most by the share of vendors.',
    },
    {
      name: 'their share where their number weighs as much',
      share: 1,
      flags: 1,
      input: withIntel({ virustotal: vendors(94, 94) }),
      reasoning: 'Additive model: 50 %, raised most by the share of vendors.',
    },
    {
      name: 'their number',
      share: 0,
      flags: 2,
      input: oneVendor,
      reasoning: 'Additive model: 16 %, raised most by the number of vendors.',
    },
    {
      name: 'reports',
      share: 1,
      flags: 0,
      input: withIntel({ virustotal: vendors(1, 100), abuseipdb: reports(100, 900, 300) }),
      reasoning: 'Additive model: 97 %, raised most by abuse reports.',
    },
  ])('names $name', ({ share, flags, input, reasoning }) => {
    const scorer = scorerWith({ feed_share: share, feed_flags: flags, feeds_asked: 0 });

    expect(scorer.score(input).reasoning).toBe(reasoning);
  });
});

it('the reasoning names vendors where reports weigh as much', () => {
  const feeds = { feed_share: 0.4, feed_flags: 0, feeds_asked: 0 };
  const scorer = createMlScorer({ intercept: -2, feeds, reports: { ...WEIGHTLESS, constant: 0.1 } });

  const { reasoning } = scorer.score(withIntel({ virustotal: vendors(1, 100), abuseipdb: reports(0, 0, 0) }));

  expect(reasoning).toContain('raised most by the share of vendors');
});

describe('createReportWeight', () => {
  const weigh = createReportWeight(model.reports);

  function weightOf(intel: AbuseIpdbIntel): number {
    return weigh(readEvidence(withIntel({ abuseipdb: intel }, { report_age_days: 1 })));
  }

  it('gives no weight to no answer', () => {
    expect(weigh(readEvidence({ address: ADDRESS }))).toBe(0);
  });

  it('adds 0.6 for each doubling of reporters from 10 to 400', () => {
    const base = weightOf(reports(100, 1_000, 10));

    expect(weightOf(reports(100, 1_000, 20)) - base).toBeCloseTo(0.6, 10);
    expect(weightOf(reports(100, 1_000, 80)) - base).toBeCloseTo(1.8, 10);
    expect(weightOf(reports(100, 1_000, 400)) - base).toBeCloseTo(0.6 * Math.log2(40), 10);
    expect(weightOf(reports(100, 1_000, 401))).toBe(weightOf(reports(100, 1_000, 400)));
  });

  it('keeps 55 % of what reassures', () => {
    const evidence = readEvidence(withIntel({ abuseipdb: reports(0, 0, 0) }));

    expect(createReportWeight({ ...WEIGHTLESS, constant: -2 })(evidence)).toBeCloseTo(-1.1, 12);
    expect(createReportWeight({ ...WEIGHTLESS, constant: 2 })(evidence)).toBe(2);
  });
});
