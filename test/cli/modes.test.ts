import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkFolder, threatConsensus } from '../fixtures/service/command-line.ts';

describe.concurrent('a run', () => {
  it('by both scores differs from one by the legacy score alone, and remembers which it was', async () => {
    const data = join(createWorkFolder(), 'data');

    const legacy = await threatConsensus(['run', '--json', '--data', data, '--mode', 'legacy']);
    const again = await threatConsensus(['run', '--json', '--data', data]);
    const both = await threatConsensus(['run', '--json', '--mode', 'parallel', '--percent', '50']);

    const figures = [legacy, again, both].map(({ end, stdout, stderr }) => {
      expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
      return JSON.parse(stdout) as Record<string, number>;
    });
    expect(figures).toMatchObject([
      { pushed: 1_220, stored: 1_200, duplicates: 12, rejected: 8, high_uncertainty: 0 },
      { pushed: 1_220, stored: 0, duplicates: 1_212, rejected: 8, high_uncertainty: 0 },
      { pushed: 1_220, stored: 1_200, duplicates: 12, rejected: 8, high_uncertainty: expect.any(Number) },
    ]);
    expect(figures[2]?.high_uncertainty).toBeGreaterThan(0);
  });

  it.each<[string, string[]]>([
    ['a percentage without the mode that it goes with', ['--percent', '10']],
    ['a mode that does not exist', ['--mode', 'turbo']],
    ['a percentage over 100', ['--mode', 'parallel', '--percent', '101']],
  ])('is not begun with %s', async (_, options) => {
    const { end, stdout, stderr } = await threatConsensus(['run', ...options]);

    expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
  });
});
