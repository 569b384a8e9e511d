import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTimes, timesText } from '../../../lib/store/unit-times.ts';

it('reads back the times that it wrote', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (latency_ms, stored_ms) => {
      expect(readTimes(timesText({ latency_ms, stored_ms }))).toEqual({ latency_ms, stored_ms });
    }),
  );
});

it.each(['', '12', '12 soon', 'NaN 1'])('refuses "%s"', (text) => {
  expect(() => readTimes(text)).toThrow(`no times: ${text}`);
});
