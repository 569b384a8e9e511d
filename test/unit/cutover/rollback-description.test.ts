import { describe, expect, it } from 'vitest';
import {
  isOfRun,
  isRollbackDescription,
  occasionOf,
  reasonOf,
  rollbackDescription,
} from '../../../lib/cutover/rollback-description.ts';

const value = (text: string, source: 'operator' | 'initial' = 'operator') => ({
  value: text,
  source,
  version: 7,
  changedAtMs: 0,
});
const ALARM = { name: 'service-rollback', atMs: Date.UTC(2026, 6, 22), causes: [] as readonly string[] };

describe('rollbackDescription', () => {
  it.each([
    ['{"mode":"parallel","consensusPercent":25}', 'why', 'run', 'parallel 25 % (version 7): why (event run)'],
    ['{"mode":"consensus"}', 'why', '', 'consensus (version 7): why'],
    ['not JSON', 'why', '', 'invalid settings (version 7): why'],
    [
      '{"mode":"consensus"}',
      undefined,
      '',
      'consensus (version 7): a rollback had overwritten its other settings',
    ],
  ])('says what %s was, why it was taken back, and who did it', (was, why, runId, expected) => {
    expect(rollbackDescription(value(was), why, runId)).toBe(`rolled back from ${expected}`);
  });

  it.each([
    ['why', 'why'],
    [undefined, 'a rollback had overwritten a reset'],
  ])('says that they were the initial settings, because %s', (why, expected) => {
    expect(rollbackDescription(value('{"mode":"consensus"}', 'initial'), why, '')).toBe(
      `rolled back from consensus (initial settings): ${expected}`,
    );
  });

  it('is cut in the middle where SSM would not take it, and keeps the mark of its run', () => {
    const text = rollbackDescription(value('{}'), 'x'.repeat(2_000), 'run');

    expect(text).toHaveLength(1_024);
    expect(text).toMatch(/^rolled back from legacy \(version 7\): x+ \(event run\)$/);
    expect(isOfRun(text, 'run')).toBe(true);
  });
});

describe('a description', () => {
  const ours = rollbackDescription(value('{}'), 'why', 'run');

  it.each([
    [ours, true],
    ['set to legacy by command', false],
    ['to be rolled back from ', false],
    ['', false],
  ])('"%s" is a rollback’s: %s', (description, expected) => {
    expect(isRollbackDescription(description)).toBe(expected);
  });

  it.each([
    [ours, 'run', true],
    [ours, 'other', false],
    [ours, 'un', false],
    // Without a name, runs cannot be distinguished.
    [rollbackDescription(value('{}'), 'why', ''), '', false],
    ['set by hand (event run)', 'run', false],
  ])('"%s" is of the run "%s": %s', (description, runId, expected) => {
    expect(isOfRun(description, runId)).toBe(expected);
  });
});

describe('reasonOf', () => {
  it('says that the alarm went off and, where that is known, what set it off', () => {
    const occasion = 'service-rollback went off at 2026-07-22T00:00:00.000Z';

    expect(occasionOf(ALARM)).toBe(occasion);
    expect(reasonOf(ALARM)).toBe(occasion);
    expect(reasonOf({ ...ALARM, causes: ['a', 'b'] })).toBe(`${occasion}, set off by a, b`);
  });
});
