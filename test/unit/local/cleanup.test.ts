import { describe, expect, it } from 'vitest';
import { Cleanup } from '../../../lib/local/cleanup.ts';

describe('Cleanup', () => {
  it('undoes the last step first, once, and all of them even if one fails', async () => {
    const undone: string[] = [];
    const cleanup = new Cleanup();
    cleanup.add(() => undone.push('first'));
    cleanup.add(() => {
      throw new Error('second');
    });
    cleanup.add(async () => undone.push('third'));

    await expect(cleanup.run()).rejects.toThrow('second');
    await expect(cleanup.run()).rejects.toThrow('second');

    expect(undone).toEqual(['third', 'first']);
  });
});
