import { describe, expect, it } from 'vitest';
import { BASE_RATE, logOdds } from '../../../lib/consensus/probability.ts';
import { splitByGroup } from '../../../lib/evaluation/group-folds.ts';
import { halfWayToBaseRate, weighTrainingRows } from '../../../lib/evaluation/training-rows.ts';
import { reportedRow, vendorRow } from './labelled-rows.ts';

const PLAIN = { prevalenceOf: halfWayToBaseRate, lookBackWeight: 0 };

describe('weighTrainingRows', () => {
  const small = [vendorRow(1, true), vendorRow(0, false)];
  const large = Array.from({ length: 10 }, (_, i) => [vendorRow(2, i === 0), vendorRow(3, false)]).flat();

  it('merges equal inputs and gives every set the same weight', () => {
    const rows = weighTrainingRows([small, large], PLAIN);

    expect(rows).toHaveLength(4);
    const weights = rows.map((row) => row.maliciousWeight + row.benignWeight);
    expect((weights[0] ?? 0) + (weights[1] ?? 0)).toBeCloseTo(0.5, 12);
    expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 12);
  });

  it('moves the share of malicious rows half-way to the base rate', () => {
    const malicious = weighTrainingRows([small], PLAIN).reduce((sum, row) => sum + row.maliciousWeight, 0);

    expect(logOdds(malicious)).toBeCloseTo((logOdds(BASE_RATE) + logOdds(0.5)) / 2, 12);
  });

  it('shows rows as they looked weeks earlier, with the weight asked for', () => {
    const rows = weighTrainingRows([[reportedRow(10, true), reportedRow(40, false), reportedRow(8, false)]], {
      ...PLAIN,
      lookBackWeight: 0.5,
    });

    const ages = rows.map(({ input }) => input.report_age_days);
    const weights = rows.map((row) => row.maliciousWeight + row.benignWeight);
    expect(ages).toEqual([10, 40, 8, 3, 33, 1, 26, 19, 12]);
    expect(weights.slice(0, 3).reduce((sum, weight) => sum + weight)).toBeCloseTo(2 / 3, 12);
    expect(weights.slice(3).reduce((sum, weight) => sum + weight)).toBeCloseTo(1 / 3, 12);
  });

  it('refuses a set of one class', () => {
    expect(() => weighTrainingRows([[vendorRow(1, true)]], PLAIN)).toThrow('rows of one class only');
  });

  it('shows each source alone as well', () => {
    const [row] = small;
    const abuseipdb = { confidence_score: 50, total_reports: 2 };
    const both = {
      ...vendorRow(1, true),
      input: { address: 'a', threat_intel: { ...row?.input.threat_intel, abuseipdb } },
    };

    const sources = weighTrainingRows([[both, vendorRow(0, false)]], PLAIN).map(({ input }) =>
      Object.keys(input.threat_intel ?? {}).join('+'),
    );

    expect(sources).toEqual(['virustotal+abuseipdb', 'virustotal', 'abuseipdb', 'virustotal']);
  });
});

describe('splitByGroup', () => {
  it('keeps a group in one fold and loses nothing', () => {
    const rows = Array.from({ length: 200 }, (_, i) => vendorRow(i % 4, i % 2 === 0, `group ${i % 20}`));

    const folds = splitByGroup(rows, 4);

    expect(folds.flat()).toHaveLength(rows.length);
    expect(folds.every((fold) => fold.length > 0)).toBe(true);
    for (const group of new Set(rows.map((row) => row.group))) {
      expect(folds.filter((fold) => fold.some((row) => row.group === group))).toHaveLength(1);
    }
  });
});
