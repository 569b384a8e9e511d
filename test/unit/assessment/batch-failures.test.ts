import { describe, expect, it } from 'vitest';
import { BatchFailures } from '../../../lib/assessment/batch-failures.ts';
import { oneLine } from '../../../lib/assessment/one-line.ts';

const fail = () => {
  throw new TypeError('no');
};

describe('what went wrong in a batch', () => {
  it('is by message the last reason that was given', () => {
    const failures = new BatchFailures();
    failures.fail(['a', 'b'], 'first');
    failures.fail(['b'], 'second');

    expect([...failures.messages]).toEqual([
      ['a', 'first'],
      ['b', 'second'],
    ]);
    expect(['a', 'b', 'c'].map((id) => failures.hasFailed(id))).toEqual([true, true, false]);
    expect(failures.defects.size).toBe(0);
  });

  it('is counted by stage and reason', () => {
    const failures = new BatchFailures();
    for (const stage of ['reading', 'scoring', 'scoring']) failures.noteDefect(stage, new TypeError('no'));

    expect([...failures.defects]).toEqual([
      ['reading: TypeError: no', 1],
      ['scoring: TypeError: no', 2],
    ]);
  });

  it('costs a message what it cannot do without', () => {
    const failures = new BatchFailures();

    expect(failures.attempt('scoring', ['a'], fail)).toBeUndefined();
    expect([...failures.messages]).toEqual([['a', 'scoring: TypeError: no']]);
    expect([...failures.defects]).toEqual([['scoring: TypeError: no', 1]]);
  });

  it('costs no message what the batch can do without', async () => {
    const failures = new BatchFailures();

    expect(failures.spare('looking up', fail)).toBeUndefined();
    expect(await failures.spareAsync('looking up', async () => fail())).toBeUndefined();
    expect(failures.messages.size).toBe(0);
    expect([...failures.defects]).toEqual([['looking up: TypeError: no', 2]]);
  });

  it('is nothing where the work is done', async () => {
    const failures = new BatchFailures();

    expect(failures.attempt('scoring', ['a'], () => 1)).toBe(1);
    expect(failures.spare('looking up', () => 2)).toBe(2);
    expect(await failures.spareAsync('looking up', async () => 3)).toBe(3);
    expect([failures.messages.size, failures.defects.size]).toEqual([0, 0]);
  });
});

describe('oneLine', () => {
  const unspeakable = {
    toString: () => {
      throw new Error('no');
    },
  };

  it.each<[string, unknown, string]>([
    ['an error', new RangeError('too far'), 'RangeError: too far'],
    ['several lines', new Error('one\n\ttwo\u0000three'), 'Error: one two three'],
    ['a value', 5, '5'],
    ['nothing', undefined, 'undefined'],
    ['what cannot be written', unspeakable, 'something that cannot be described'],
    ['a long text', 'x'.repeat(201), 'x'.repeat(200)],
  ])('writes %s as one line', (_, thrown, expected) => {
    expect(oneLine(thrown)).toBe(expected);
  });
});
