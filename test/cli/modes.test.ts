import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkFolder, threatConsensus } from '../fixtures/service/command-line.ts';

describe.concurrent('a run', () => {
  it('by the legacy score alone has nobody disagree, and its state remembers by which it was', async () => {
    const data = join(createWorkFolder(), 'data');

    const legacy = await threatConsensus(['run', '--json', '--data', data, '--mode', 'legacy']);
    const again = await threatConsensus(['run', '--json', '--data', data]);

    const figures = [legacy, again].map(({ end, stdout, stderr }) => {
      expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
      return JSON.parse(stdout) as Record<string, number>;
    });
    expect(figures).toMatchObject([
      { pushed: 1_220, stored: 1_200, duplicates: 12, rejected: 8, high_uncertainty: 0 },
      { pushed: 1_220, stored: 0, duplicates: 1_212, rejected: 8, high_uncertainty: 0 },
    ]);
  });

  it('is not begun with a percentage where there is one score for all', async () => {
    expect(await threatConsensus(['run', '--percent', '10'])).toEqual({
      end: 2,
      stdout: '',
      stderr: 'error: --percent needs --mode parallel: the other modes use one score for all\n',
    });
  });
});
