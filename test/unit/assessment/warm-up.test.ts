import { expect, it } from 'vitest';
import { warmUp } from '../../../lib/assessment/warm-up.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { readAddressItems } from '../../../lib/store/read-address-items.ts';

it('runs everything that can run, so that the first real batch finds it compiled', () => {
  const { items, statistics, defects } = warmUp({ isLocal: createLocality([]), retentionSeconds: 60 });

  const read = items.flatMap((item) => readAddressItems([item]));
  expect(defects).toEqual([]);
  // One record is invalid, so that rejecting gets compiled too.
  expect(statistics).toMatchObject({ records: 801, stored: 800, rejected: 1, consensus_failures: 0 });
  expect(statistics.comparison?.compared).toBe(statistics.assessments);
  expect(new Set(read.map(({ assessment }) => assessment.scored_by))).toEqual(
    new Set(['consensus', 'legacy']),
  );
  expect(new Set(read.flatMap(({ assessment }) => assessment.evidence))).toEqual(
    new Set(['virustotal', 'abuseipdb', 'listings']),
  );
  expect(read.some(({ assessment }) => assessment.evidence.length === 0)).toBe(true);
  expect(statistics.malicious).toBeGreaterThan(0);
  expect(new Set(read.map(({ address }) => address.includes(':')))).toEqual(new Set([true, false]));
  expect(read.every(({ endpoints }) => endpoints.every((name) => name.includes('/tcp/outbound')))).toBe(true);
});
