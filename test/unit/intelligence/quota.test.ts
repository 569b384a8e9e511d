import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantCalls, type QuotaState, type QuotaWindow } from '../../../lib/intelligence/quota/quota.ts';

const MINUTE: QuotaWindow = { calls: 4, milliseconds: 60_000 };
const DAY: QuotaWindow = { calls: 10, milliseconds: 86_400_000 };
const SLACK_MS = 3_000;
const START_MS = 1_700_000_000_000;
const NO_CALLS: QuotaState = { counts: [] };

/** Requests at the given times; each grant with its time. */
function grants(
  budget: readonly QuotaWindow[],
  asks: readonly { readonly atMs: number; readonly wanted: number }[],
): { atMs: number; calls: number }[] {
  let state = NO_CALLS;
  const given: { atMs: number; calls: number }[] = [];
  for (const { atMs, wanted } of asks) {
    const grant = grantCalls(state, budget, wanted, SLACK_MS, atMs);
    given.push({ atMs, calls: grant.calls });
    if ('state' in grant) state = JSON.parse(JSON.stringify(grant.state)) as QuotaState;
  }
  return given;
}

describe('grantCalls', () => {
  it('grants what is wanted while there is some, and then what is left', () => {
    const given = grants(
      [MINUTE],
      [1, 2, 3, 1].map((wanted) => ({ atMs: START_MS, wanted })),
    );

    expect(given.map(({ calls }) => calls)).toEqual([1, 2, 1, 0]);
  });

  it('says when to ask again, and has something then', () => {
    const first = grantCalls(NO_CALLS, [MINUTE], 4, SLACK_MS, START_MS);
    const state = 'state' in first ? first.state : NO_CALLS;

    const none = grantCalls(state, [MINUTE], 1, SLACK_MS, START_MS + 1_000);
    if (!('retryAtMs' in none)) throw new Error('expected no grant');
    const again = grantCalls(state, [MINUTE], 4, SLACK_MS, none.retryAtMs);

    expect(none.retryAtMs).toBeGreaterThan(START_MS + 60_000);
    expect(none.retryAtMs).toBeLessThan(START_MS + 70_000);
    expect(again.calls).toBe(4);
  });

  it('keeps to every window of the budget', () => {
    const asks = Array.from({ length: 30 }, (_, n) => ({ atMs: START_MS + n * 70_000, wanted: 4 }));

    const given = grants([MINUTE, DAY], asks);

    expect(given.reduce((sum, { calls }) => sum + calls, 0)).toBe(DAY.calls);
  });

  it('grants nothing before the time that a provider asked for', () => {
    const blocked = { ...NO_CALLS, blockedUntilMs: START_MS + 5_000 };

    expect(grantCalls(blocked, [MINUTE], 1, SLACK_MS, START_MS)).toEqual({
      calls: 0,
      retryAtMs: START_MS + 5_000,
    });
    expect(grantCalls(blocked, [MINUTE], 1, SLACK_MS, START_MS + 5_000).calls).toBe(1);
  });

  it('forgets calls that no longer count, so that the state stays small', () => {
    const asks = Array.from({ length: 3_000 }, (_, n) => ({ atMs: START_MS + n * 20_000, wanted: 1 }));
    let state = NO_CALLS;
    for (const { atMs, wanted } of asks) {
      const grant = grantCalls(state, [MINUTE, { ...DAY, calls: 1_000 }], wanted, SLACK_MS, atMs);
      if ('state' in grant) state = grant.state;
    }

    expect(JSON.stringify(state).length).toBeLessThan(700);
  });

  it('never lets a span of a window see more calls than the window allows, late as they may arrive', () => {
    const asks = fc.array(
      fc.record({ gapMs: fc.nat(20_000), wanted: fc.integer({ min: 1, max: 5 }), lateMs: fc.nat(SLACK_MS) }),
      { minLength: 1, maxLength: 120 },
    );
    const window = fc.record({
      calls: fc.integer({ min: 1, max: 9 }),
      milliseconds: fc.constantFrom(60_000, 7_001),
    });
    fc.assert(
      fc.property(asks, fc.array(window, { minLength: 1, maxLength: 2 }), (list, budget) => {
        let atMs = START_MS;
        const timed = list.map(({ gapMs, wanted, lateMs }) => {
          atMs += gapMs;
          return { atMs, wanted, lateMs };
        });
        const given = grants(budget, timed);
        const arrivals = given
          .flatMap(({ calls, atMs: grantedAt }, n) =>
            Array<number>(calls).fill(grantedAt + (timed[n]?.lateMs ?? 0)),
          )
          .sort((a, b) => a - b);
        for (const { calls, milliseconds } of budget) {
          for (const [n, first] of arrivals.entries()) {
            const within = arrivals.slice(n).filter((arrival) => arrival - first < milliseconds);
            expect(within.length).toBeLessThanOrEqual(calls);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
