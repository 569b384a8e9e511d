import { describe, expect, it } from 'vitest';
import { calibrationLoop, LOOP_CHECKSUM } from '../../bench/calibration/loop.ts';

describe('calibrationLoop', () => {
  it('does the work that figures were compared by, each time', () => {
    expect(calibrationLoop()).toBe(LOOP_CHECKSUM);
    expect(calibrationLoop()).toBe(LOOP_CHECKSUM);
  });
});
