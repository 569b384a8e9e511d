import { expect, it, vi } from 'vitest';
import type { ScoredUnit } from '../../../lib/assessment/score-unit.ts';
import { warmUp } from '../../../lib/assessment/warm-up.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { readAddressItems } from '../../../lib/store/read-address-items.ts';

const scored = vi.hoisted(() => [] as ScoredUnit[]);
vi.mock(import('../../../lib/assessment/score-unit.ts'), async (original) => {
  const { scoreUnit, ...others } = await original();
  return {
    ...others,
    scoreUnit: (...args) => {
      const unit = scoreUnit(...args);
      scored.push(unit);
      return unit;
    },
  };
});

it('runs everything that can run, so that the first real batch finds it compiled', () => {
  warmUp({ isLocal: createLocality([]), retentionSeconds: 60 });

  const [unit] = scored;
  const read = unit?.items.flatMap((item) => readAddressItems([item])) ?? [];
  const { statistics } = unit ?? {};
  expect(scored).toHaveLength(1);
  expect(unit?.defects).toEqual([]);
  // One record is invalid, since rejecting is to be compiled too.
  expect(statistics).toMatchObject({ records: 1_501, stored: 1_500, rejected: 1, consensus_failures: 0 });
  expect(statistics?.comparison?.compared).toBe(statistics?.assessments);
  expect(new Set(read.map(({ assessment }) => assessment.scored_by))).toEqual(
    new Set(['consensus', 'legacy']),
  );
  expect(new Set(read.flatMap(({ assessment }) => assessment.evidence))).toEqual(
    new Set(['virustotal', 'abuseipdb', 'blocklist']),
  );
  expect(read.some(({ assessment }) => assessment.evidence.length === 0)).toBe(true);
  expect(statistics?.malicious).toBeGreaterThan(0);
  expect(new Set(read.map(({ address }) => address.includes(':')))).toEqual(new Set([true, false]));
  expect(read.every(({ endpoints }) => endpoints.every((name) => name.includes('/tcp/outbound')))).toBe(true);
});
