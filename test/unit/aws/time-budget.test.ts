import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeBudget } from '../../../lib/aws/time-budget.ts';

const START = 1_700_000_000_000;

describe('TimeBudget', () => {
  it('counts every end back from the time limit', () => {
    const budget = new TimeBudget(START, START + 30_000, () => START + 40);

    expect(budget).toMatchObject({
      startedAtMs: START,
      lookUpsEndMs: START + 26_500,
      itemsEndMs: START + 27_500,
      endMs: START + 29_500,
      elapsedMs: 40,
      hasTimeLeft: true,
    });
  });

  it.each([
    [26_000, 27_500],
    [10_000, 12_000],
  ])('lets deletions that begin after %i ms end after %i', (elapsed, expected) => {
    const budget = new TimeBudget(START, START + 30_000, () => START + elapsed);

    expect(budget.deletionsEndMs).toBe(START + expected);
  });

  it.each([
    ['early', 100, { table: 600, calls: 3_100, waitLeft: 0 }],
    ['at the start', 0, { table: 500, calls: 3_000, waitLeft: 25 }],
    ['late', 26_200, { table: 26_500, calls: 26_500, waitLeft: 0 }],
  ])('bounds each step of the look-ups that begins %s', (_, elapsed, { table, calls, waitLeft }) => {
    const budget = new TimeBudget(START, START + 30_000, () => START + elapsed);

    expect(budget.tableReadEndMs).toBe(START + table);
    expect(budget.callsEndMs(2_000)).toBe(START + calls);
    expect(budget.waitLeftMs(25)).toBe(waitLeft);
  });

  it.each([
    [27_499, true],
    [27_500, false],
  ])('after %i ms has time for another message: %s', (elapsed, expected) => {
    expect(new TimeBudget(START, START + 30_000, () => START + elapsed).hasTimeLeft).toBe(expected);
  });

  it('leaves each stage before the next one, whatever the limit', () => {
    fc.assert(
      fc.property(fc.nat(900_000), fc.nat(900_000), (limit, elapsed) => {
        const budget = new TimeBudget(START, START + limit, () => START + elapsed);

        expect(budget.lookUpsEndMs).toBeLessThan(budget.itemsEndMs);
        expect(budget.itemsEndMs).toBeLessThan(budget.endMs);
        expect(budget.endMs).toBeLessThan(START + limit);
        expect(budget.deletionsEndMs).toBeLessThanOrEqual(budget.itemsEndMs);
      }),
    );
  });
});
