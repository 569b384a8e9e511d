import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeNewestFirst } from '../../../lib/store/merge-newest-first.ts';
import { collect, sequence } from '../../factories/iterables.ts';

describe('mergeNewestFirst', () => {
  it('gives everything once, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat({ max: 20 }))), async (lists) => {
        const sequences = lists.map((list) => sequence(...list.toSorted((a, b) => b - a)));

        const merged = await collect(mergeNewestFirst(sequences, (time) => time));

        expect(merged).toEqual(lists.flat().sort((a, b) => b - a));
      }),
    );
  });

  it('orders by text as well as by number', async () => {
    const merged = mergeNewestFirst([sequence('c', 'a'), sequence('b')], (text) => text);

    expect(await collect(merged)).toEqual(['c', 'b', 'a']);
  });

  it('keeps what is of the same time, the first sequence first', async () => {
    const merged = mergeNewestFirst([sequence('a1', 'a2'), sequence('b1')], () => 0);

    expect(await collect(merged)).toEqual(['a1', 'a2', 'b1']);
  });

  it('reads no further than it is asked', async () => {
    const read: number[] = [];
    async function* reporting() {
      for (const time of [3, 2, 1]) {
        read.push(time);
        yield time;
      }
    }
    const merged = mergeNewestFirst([reporting()], (time) => time);

    const { value } = await merged.next();

    expect([value, read]).toEqual([3, [3]]);
  });

  it('passes on what a sequence throws', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 2;
      throw new Error('lost');
    }

    await expect(collect(mergeNewestFirst([broken(), sequence(1)], (time) => time))).rejects.toThrow('lost');
  });
});
