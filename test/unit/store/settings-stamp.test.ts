import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readStamp, type SettingsStamp, stampText } from '../../../lib/store/settings-stamp.ts';

const stamp: fc.Arbitrary<SettingsStamp> = fc.record({
  mode: fc.constantFrom('legacy', 'parallel', 'consensus'),
  consensusPercent: fc.integer({ min: 0, max: 100 }),
  version: fc.nat(),
  maliciousThreshold: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
});

it('a stamp is read as it was written', () => {
  fc.assert(
    fc.property(stamp, (written) => {
      expect(readStamp(stampText(written))).toEqual(written);
    }),
  );
});

it('a stamp is short and can be read by people', () => {
  const usual = { mode: 'parallel', consensusPercent: 25, version: 7, maliciousThreshold: 0.7 } as const;

  expect(stampText(usual)).toBe('parallel 25 v7');
  expect(readStamp('parallel 25 v7')).toEqual(usual);
  expect(stampText({ ...usual, maliciousThreshold: 0.85 })).toBe('parallel 25 v7 0.85');
});

it.each(['', 'parallel', 'turbo 1 v1', 'parallel 1 v1 x', 'parallel 1 v', ' parallel 1 v1'])(
  '"%s" is no stamp',
  (text) => {
    expect(readStamp(text)).toBeUndefined();
  },
);
