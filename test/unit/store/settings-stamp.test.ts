import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readStamp, type SettingsStamp, stampText } from '../../../lib/store/settings-stamp.ts';

const stamp: fc.Arbitrary<SettingsStamp> = fc.record({
  mode: fc.constantFrom('legacy', 'parallel', 'consensus'),
  consensusPercent: fc.integer({ min: 0, max: 100 }),
  version: fc.nat(),
});

it('a stamp is read as it was written', () => {
  fc.assert(
    fc.property(stamp, (written) => {
      expect(readStamp(stampText(written))).toEqual(written);
    }),
  );
});

it('a stamp is short and can be read by people', () => {
  expect(stampText({ mode: 'parallel', consensusPercent: 25, version: 7 })).toBe('parallel 25 v7');
});

it.each(['', 'parallel', 'turbo 1 v1', 'parallel 1 v', ' parallel 1 v1'])('"%s" is no stamp', (text) => {
  expect(readStamp(text)).toBeUndefined();
});
