import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readContext } from '../../../lib/consensus/context.ts';
import { readEvidence } from '../../../lib/consensus/evidence.ts';
import { logOdds } from '../../../lib/consensus/probability.ts';
import { mlBased } from '../../../lib/consensus/scorers/ml-based.ts';
import model from '../../../lib/consensus/scorers/ml-model.json' with { type: 'json' };
import { passReportSteps, REPORT_PAIRS, REPORT_STEPS } from '../../../lib/consensus/scorers/report-steps.ts';
import { SCORERS } from '../../../lib/consensus/scorers/scorers.ts';
import { reports, scoringInputs, withIntel } from './scoring-inputs.ts';

describe('the additive model', () => {
  it('explains its score: intercept, context and features add up to its log-odds', () => {
    fc.assert(
      fc.property(scoringInputs, (input) => {
        const { score, features } = mlBased.score(input);
        const sum = Object.values(features).reduce((total, contribution) => total + contribution, 0);
        const explained = model.intercept + readContext(input).logOdds + sum;
        if (score > 0.02 && score < 0.98) expect(logOdds(score)).toBeCloseTo(explained, 1);
      }),
    );
  });

  it.each(REPORT_PAIRS)('holds a full table that rises in both axes of $name', ({ name, first, second }) => {
    const table = model.reports.tables[name];

    expect(table).toHaveLength(REPORT_STEPS[first].length + 1);
    table.forEach((row, i) => {
      expect(row).toHaveLength(REPORT_STEPS[second].length + 1);
      row.forEach((value, j) => {
        expect(row[j + 1] ?? value).toBeGreaterThanOrEqual(value);
        expect(table[i + 1]?.[j] ?? value).toBeGreaterThanOrEqual(value);
      });
    });
  });
});

describe('passReportSteps', () => {
  it('counts the thresholds that are reached', () => {
    const input = withIntel({ abuseipdb: reports(80, 12, 3) }, { report_age_days: 40 });

    expect(passReportSteps(readEvidence(input))).toEqual({
      reporters: 2,
      reports: 5,
      confidence: 6,
      freshness: 2,
    });
  });

  it('passes none without reports, however fresh', () => {
    const input = withIntel({ abuseipdb: reports(0, 0, 0) }, { report_age_days: 0 });

    expect(Object.values(passReportSteps(readEvidence(input)))).toEqual([0, 0, 0, 0]);
  });
});

describe('a gap in reporting', () => {
  it.each(SCORERS)(
    'of ten days moves $name by no more than 0.25 where several users reported',
    ({ score }) => {
      for (const [confidence, total, users] of [
        [49, 2, 2],
        [81, 6, 4],
        [95, 40, 6],
      ] as const) {
        const abuseipdb = reports(confidence, total, users);
        const asItIs = score(withIntel({ abuseipdb }, { report_age_days: 6 })).score;
        const withGap = score(withIntel({ abuseipdb }, { report_age_days: 16 })).score;
        expect(asItIs - withGap).toBeLessThanOrEqual(0.25);
      }
    },
  );
});
