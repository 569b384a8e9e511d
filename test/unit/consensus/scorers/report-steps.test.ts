import { describe, expect, it } from 'vitest';
import { type Evidence, readEvidence } from '../../../../lib/consensus/evidence.ts';
import model from '../../../../lib/consensus/scorers/ml-model.json' with { type: 'json' };
import {
  passReportSteps,
  REPORT_PAIRS,
  type ReportAxis,
  trustedReporters,
} from '../../../../lib/consensus/scorers/report-steps.ts';
import { reports, withIntel } from '../scoring-inputs.ts';

/** Recent, certain, and with more than enough reports. */
const STRONG = readEvidence(withIntel({ abuseipdb: reports(100, 1_000, 100) }, { report_age_days: 0 }));

function stepsOf(axis: ReportAxis, rest: Partial<Evidence>): number {
  return passReportSteps({ ...STRONG, ...rest })[axis];
}

describe('passReportSteps', () => {
  it.each([
    { axis: 'reporters', field: 'reporters', steps: [2, 3, 4, 5, 7, 10] },
    { axis: 'reports', field: 'reports', steps: [2, 3, 4, 6, 10, 20, 50, 100] },
    {
      axis: 'confidence',
      field: 'abuseConfidence',
      steps: [0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95],
    },
  ] as const)('passes a step of $axis when it is reached: $steps', ({ axis, field, steps }) => {
    for (const [passed, step] of steps.entries()) {
      expect(stepsOf(axis, { [field]: step - 0.01 })).toBe(passed);
      expect(stepsOf(axis, { [field]: step })).toBe(passed + 1);
    }
    expect(stepsOf(axis, { [field]: 1e9 })).toBe(steps.length);
  });

  it('passes a step of freshness when the last report is no older: 60, 45, 30, 20 days', () => {
    const steps = [60, 45, 30, 20];

    for (const [passed, days] of steps.entries()) {
      expect(stepsOf('freshness', { reportAgeDays: days + 1 })).toBe(passed);
      expect(stepsOf('freshness', { reportAgeDays: days })).toBe(passed + 1);
    }
    expect(stepsOf('freshness', { reportAgeDays: 0 })).toBe(4);
    expect(stepsOf('freshness', { reportAgeDays: 0, reports: 0.5 })).toBe(4);
    expect(stepsOf('freshness', { reportAgeDays: 0, reports: 0 })).toBe(0);
  });

  it('believes 40 % of what is said of a whitelisted address', () => {
    const whitelisted = { ...STRONG, reporters: 10, reports: 25, isWhitelisted: true };

    expect(trustedReporters(whitelisted)).toBe(4);
    expect(trustedReporters({ ...whitelisted, isWhitelisted: false })).toBe(10);
    expect(passReportSteps(whitelisted)).toEqual({ reporters: 3, reports: 5, confidence: 2, freshness: 4 });
  });
});

it('the pairs of axes are those of the fitted model, in its order', () => {
  expect(REPORT_PAIRS.map(({ name }) => name)).toEqual(Object.keys(model.reports.tables));
});
