import { expect, it } from 'vitest';
import { callWith, jsonLines } from '../../fixtures/cli/calls.ts';

const call = callWith({});

it('scale prints as JSON what a rate requires, and what to do', async () => {
  const { end, stdout, stderr } = await call('scale', '--rate', '100000', '--json');

  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  const [estimate] = jsonLines(stdout);
  expect(estimate).toMatchObject({ rate: 100_000, address_share: 0.08, hot_share: 0.2, single: false });
  expect(estimate?.demands).toContainEqual({
    name: 'partition of the busiest address (one of 4)',
    value: expect.any(Number),
    unit: 'write units per second',
    limit: 1_000,
    limit_name: 'a partition',
  });
  expect(estimate?.advice).toContainEqual(expect.stringMatching(/^set maximumConcurrency to \d+ or more$/));
});

it.each([
  [['scale'], /required option '--rate <records>'/],
  [['scale', '--rate', 'many'], /expected a number above 0/],
  [['scale', '--rate', '10', '--hot', '101'], /expected a percentage above 0, at most 100/],
])('%j is refused in one line', async (args, message) => {
  const { end, stdout, stderr } = await call(...args);

  expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
