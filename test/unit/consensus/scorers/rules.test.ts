import { describe, expect, it } from 'vitest';
import type { Context } from '../../../../lib/consensus/context.ts';
import { type Evidence, readEvidence } from '../../../../lib/consensus/evidence.ts';
import { LADDERS, REASSURANCES } from '../../../../lib/consensus/scorers/rules.ts';
import { ADDRESS } from '../scoring-inputs.ts';

const NOTHING: Evidence = readEvidence({ address: ADDRESS });
const PLAIN: Context = { logOdds: 0, portClass: undefined, isInbound: false, isHosted: false };
const RUNGS = Object.values(LADDERS).flat(2);

/** A rule, the smallest input that meets it, and one just below. */
interface Boundary {
  readonly name: string;
  readonly weight: number;
  readonly met: Partial<Evidence>;
  readonly missed: ReadonlyArray<Partial<Evidence>>;
}

function atLeast(
  name: string,
  weight: number,
  field: 'vendorFlags' | 'listings' | 'reports' | 'reporters' | 'abuseConfidence',
  value: number,
): Boundary {
  return { name, weight, met: { [field]: value }, missed: [{ [field]: value - 0.01 }] };
}

function reportedWithin(
  name: string,
  weight: number,
  days: number,
  reports: number,
  reporters: number,
): Boundary {
  const met = { reportAgeDays: days, reports, reporters };
  return {
    name,
    weight,
    met,
    missed: [
      { ...met, reportAgeDays: days + 1 },
      { ...met, reports: reports - 0.01 },
      { ...met, reporters: reporters - 0.01 },
    ],
  };
}

describe('a rule holds from its threshold on', () => {
  it.each<Boundary>([
    atLeast('a vendor', 0.18, 'vendorFlags', 0.01),
    atLeast('2+ vendors', 0.45, 'vendorFlags', 2),
    atLeast('3+ vendors', 0.35, 'vendorFlags', 3),
    atLeast('10+ vendors', 0.6, 'vendorFlags', 10),
    {
      name: '4 % of vendors',
      weight: 0.92,
      met: { vendors: 100, vendorFlags: 4 },
      missed: [
        { vendors: 100, vendorFlags: 3.9 },
        { vendors: 0, vendorFlags: 1 },
      ],
    },
    {
      name: '20 % of vendors',
      weight: 0.6,
      met: { vendors: 1, vendorFlags: 0.2 },
      missed: [{ vendors: 10, vendorFlags: 1.9 }],
    },
    atLeast('2+ reports', 0.01, 'reports', 2),
    atLeast('2+ reporters', 0.02, 'reporters', 2),
    atLeast('3+ reporters', 0.03, 'reporters', 3),
    atLeast('5+ reporters', 0.05, 'reporters', 5),
    atLeast('10+ reporters', 0.4, 'reporters', 10),
    atLeast('30+ reporters', 0.4, 'reporters', 30),
    reportedWithin('2+ reporters lately', 0.18, 20, 2, 2),
    reportedWithin('3+ reporters lately', 0.1, 20, 3, 3),
    reportedWithin('reported lately', 0.01, 20, 1, 1),
    reportedWithin('3+ reports lately', 0.04, 20, 3, 1),
    reportedWithin('5+ reports lately', 0.07, 20, 5, 1),
    reportedWithin('10+ reports lately', 0.13, 20, 10, 1),
    reportedWithin('reported this week', 0.02, 7, 1, 1),
    reportedWithin('2+ reporters this week', 0.12, 7, 2, 2),
    reportedWithin('3+ reporters this week', 0.15, 7, 3, 3),
    reportedWithin('5+ reports in six weeks', 0.05, 45, 5, 1),
    reportedWithin('10+ reports in six weeks', 0.04, 45, 10, 1),
    atLeast('abuse confidence 50 %', 0.01, 'abuseConfidence', 0.5),
    atLeast('abuse confidence 75 %', 0.02, 'abuseConfidence', 0.75),
    atLeast('abuse confidence 90 %', 0.04, 'abuseConfidence', 0.9),
  ])('$name: $weight', ({ name, weight, met, missed }) => {
    const rule = RUNGS.find((rung) => rung.name === name);

    expect(rule?.weight).toBe(weight);
    expect(rule?.holds({ ...NOTHING, ...met }, PLAIN)).toBe(true);
    for (const evidence of missed) expect(rule?.holds({ ...NOTHING, ...evidence }, PLAIN)).toBe(false);
  });

  it.each<{ name: string; weight: number; context?: Partial<Context>; evidence?: Partial<Evidence> }>([
    { name: 'remote administration', weight: 0.015, context: { portClass: 'remote administration' } },
    { name: 'file sharing', weight: 0.01, context: { portClass: 'file sharing' } },
    { name: 'database', weight: 0.01, context: { portClass: 'database' } },
    { name: 'inbound', weight: 0.005, context: { isInbound: true } },
    { name: 'hosting provider', weight: 0.005, context: { isHosted: true } },
    { name: 'Tor', weight: 0.02, evidence: { isTor: true } },
  ])('$name: $weight', ({ name, weight, context, evidence }) => {
    const rule = RUNGS.find((rung) => rung.name === name);

    expect(rule?.weight).toBe(weight);
    expect(rule?.holds({ ...NOTHING, ...evidence }, { ...PLAIN, ...context })).toBe(true);
    expect(rule?.holds(NOTHING, { ...PLAIN, portClass: 'web' })).toBe(false);
  });
});

it('every rule belongs to a source of evidence', () => {
  const lengths = Object.entries(LADDERS).map(([source, ladders]) => [
    source,
    ladders.map((rungs) => rungs.length),
  ]);

  expect(lengths).toEqual([
    ['vendors', [4, 2]],
    ['reports', [6, 2, 4, 3, 2, 3]],
    ['context', [1, 1, 1, 1, 1, 1]],
  ]);
});

describe('a reassurance holds', () => {
  it.each<{ name: string; factor: number; met: Partial<Evidence>; missed: ReadonlyArray<Partial<Evidence>> }>(
    [
      {
        name: 'vendors silent',
        factor: 0.65,
        met: { vendors: 10 },
        missed: [{ vendors: 9 }, { vendors: 10, vendorFlags: 0.5 }],
      },
      {
        name: 'hardly reported',
        factor: 0.45,
        met: { hasAbuseAnswer: true, abuseConfidence: 0.24 },
        missed: [{ hasAbuseAnswer: true, abuseConfidence: 0.25 }, { abuseConfidence: 0.1 }],
      },
      { name: 'whitelisted', factor: 0.5, met: { isWhitelisted: true }, missed: [{}] },
    ],
  )('$name: $factor', ({ name, factor, met, missed }) => {
    const reassurance = REASSURANCES.find((candidate) => candidate.name === name);

    expect(reassurance?.factor).toBe(factor);
    expect(reassurance?.holds({ ...NOTHING, ...met })).toBe(true);
    for (const evidence of missed) expect(reassurance?.holds({ ...NOTHING, ...evidence })).toBe(false);
  });
});
