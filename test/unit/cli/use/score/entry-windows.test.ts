import { describe, expect, it } from 'vitest';
import { entryWindows } from '../../../../../lib/cli/use/score/entry-windows.ts';
import type { LogEntry } from '../../../../../lib/logs/log-entry.ts';
import { sequence } from '../../../../factories/iterables.ts';
import { entriesOf, zeekEntry } from '../../../../factories/sensor-logs.ts';

async function entries(count: number): Promise<LogEntry[]> {
  const lines = Array.from({ length: count }, (_, n) => JSON.stringify(zeekEntry({ ts: n })));
  return await entriesOf(lines.join('\n'));
}

describe('entryWindows', () => {
  it.each([
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 1]],
    [5, [5]],
    [100, [5]],
  ])('holds at most %d entries each', async (most, sizes) => {
    const windows = await Array.fromAsync(entryWindows(sequence(await entries(5)), most));

    expect(windows.map(({ length }) => length)).toEqual(sizes);
  });

  it('gives nothing for nothing', async () => {
    expect(await Array.fromAsync(entryWindows(sequence([])))).toEqual([]);
  });

  it('closes a window where the input pauses, and loses nothing', async () => {
    const [first, second, third] = await entries(3);
    const silence = Promise.withResolvers<void>();
    async function* pausing(): AsyncGenerator<readonly LogEntry[]> {
      yield [first as LogEntry, second as LogEntry];
      await silence.promise;
      yield [third as LogEntry];
    }
    const windows = entryWindows(pausing(), 100, 1);

    expect(await windows.next()).toMatchObject({ value: [{ position: 1 }, { position: 2 }] });
    silence.resolve();
    expect(await windows.next()).toMatchObject({ value: [{ position: 3 }] });
    expect(await windows.next()).toMatchObject({ done: true });
  });

  it('passes on what reading throws', async () => {
    async function* broken(): AsyncGenerator<readonly LogEntry[]> {
      yield await entries(1);
      throw new Error('cut off');
    }

    await expect(Array.fromAsync(entryWindows(broken()))).rejects.toThrow('cut off');
  });
});
