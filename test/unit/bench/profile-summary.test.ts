import type { Profiler } from 'node:inspector';
import { describe, expect, it } from 'vitest';
import { summarizeProfile, sumShares } from '../../bench/profile-summary.ts';

function node(id: number, functionName: string, lineNumber = 0): Profiler.ProfileNode {
  return {
    id,
    callFrame: { functionName, scriptId: '1', url: 'file:///a.mjs', lineNumber, columnNumber: 0 },
  };
}

describe('summarizeProfile', () => {
  const profile = {
    nodes: [node(1, '(root)'), node(2, 'parse'), node(3, 'score', 7), node(4, 'parse'), node(5, '(idle)')],
    startTime: 0,
    endTime: 100,
    samples: [1, 2, 3, 4, 5, 2],
    timeDeltas: [10, 20, 30, 40, 500, -10],
  };

  it('adds up a function wherever it was called, and leaves out what is not busy', () => {
    const times = summarizeProfile(profile);

    expect(times.map(({ name, line }) => `${name}:${line}`)).toEqual(['parse:0', 'score:7']);
    expect(times[0]?.selfShare).toBeCloseTo(60 / 90);
    expect(times[1]?.selfShare).toBeCloseTo(30 / 90);
  });

  it('sums shares by group', () => {
    expect(sumShares(summarizeProfile(profile), () => 'all')).toEqual([['all', expect.closeTo(1)]]);
  });
});
