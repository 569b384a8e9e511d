import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readStamp, type SettingsStamp, stampText, stampTitle } from '../../../lib/store/settings-stamp.ts';

const origin: fc.Arbitrary<SettingsStamp['origin']> = fc.oneof(
  fc.constant({ source: 'none' as const }),
  fc.record({
    source: fc.constantFrom('operator' as const, 'initial' as const),
    version: fc.nat(),
    changedAtMs: fc.nat({ max: 8.64e15 }),
  }),
);

const stamp: fc.Arbitrary<SettingsStamp> = fc.record({
  mode: fc.constantFrom('legacy', 'parallel', 'consensus'),
  consensusPercent: fc.integer({ min: 0, max: 100 }),
  maliciousThreshold: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
  origin,
});

it('a stamp is read as it was written', () => {
  fc.assert(
    fc.property(stamp, (written) => {
      expect(readStamp(stampText(written))).toEqual(written);
    }),
  );
});

it('different settings have different stamps, whatever their numbers, in both forms', () => {
  fc.assert(
    fc.property(stamp, origin, (one, other) => {
      const isSame = JSON.stringify(one.origin) === JSON.stringify(other);
      for (const form of [stampText, stampTitle]) {
        expect(form(one) === form({ ...one, origin: other })).toBe(isSame);
      }
    }),
  );
});

const AT = Date.UTC(2026, 10, 27, 11, 30);

it.each<[SettingsStamp['origin'], string, string]>([
  [
    { source: 'operator', version: 7, changedAtMs: AT },
    `parallel 25 v7@${AT}`,
    'parallel 25 v7 of 2026-11-27T11:30:00.000Z',
  ],
  [
    { source: 'initial', version: 2, changedAtMs: AT },
    `parallel 25 i2@${AT}`,
    'parallel 25 initial settings v2 of 2026-11-27T11:30:00.000Z',
  ],
  [{ source: 'none' }, 'parallel 25 none', 'parallel 25 without settings'],
])('a stamp is short, and its title can be read by people: %j', (from, text, title) => {
  const usual = { mode: 'parallel', consensusPercent: 25, origin: from, maliciousThreshold: 0.7 } as const;

  expect(stampText(usual)).toBe(text);
  expect(stampTitle(usual)).toBe(title);
  expect(readStamp(text)).toEqual(usual);
  expect(stampText({ ...usual, maliciousThreshold: 0.85 })).toBe(`${text} 0.85`);
});

it.each([
  '',
  'parallel',
  'turbo 1 v1@1',
  'parallel 1 v1@1 x',
  'parallel 1 v@1',
  'parallel 1 v1',
  'parallel 1 v1@',
  'parallel 1 x1@1',
  ' parallel 1 v1@1',
])('"%s" is no stamp', (text) => {
  expect(readStamp(text)).toBeUndefined();
});
