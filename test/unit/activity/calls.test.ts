import { describe, expect, it } from 'vitest';
import { findCalls } from '../../../lib/activity/calls.ts';
import type { Exchange } from '../../../lib/activity/exchange.ts';
import { call } from '../../factories/exchanges.ts';

function calls(times: readonly number[], each: (n: number) => Partial<Exchange> = () => ({})): Exchange[] {
  return times.map((at, n) => call({ at, ...each(n) }));
}

const everyMinute = Array.from({ length: 20 }, (_, n) => n * 60);

describe('findCalls', () => {
  it('measures interval, jitter and sizes', () => {
    const found = findCalls(calls(everyMinute, (n) => ({ sent: 600 + (n % 2) * 12 })));

    expect(found).toMatchObject({ intervalSeconds: 60, jitter: 0, isBrief: true });
    expect(found?.sizeJitter).toBeCloseTo(6 / 606, 10);
  });

  it('takes connections that come together for one call', () => {
    const pairs = everyMinute.flatMap((at) => [at, at + 0.5]);

    expect(findCalls(calls(pairs))?.intervalSeconds).toBe(60);
  });

  it('says of sizes that nobody counted that they differ', () => {
    expect(findCalls(calls(everyMinute, () => ({ sent: undefined })))?.sizeJitter).toBe(1);
  });

  it('measures the sizes of answered calls alone: silence keeps the rhythm and sends nothing', () => {
    const away: Partial<Exchange> = { outcome: 'refused', sent: 0, received: 0, duration: 0 };
    const found = findCalls(calls(everyMinute, (n) => (n % 2 === 0 ? { sent: 600 } : away)));

    expect(found).toMatchObject({ intervalSeconds: 60, sizeJitter: 0, isBrief: true });
    expect(findCalls(calls(everyMinute, () => away))).toMatchObject({ sizeJitter: 1 });
  });

  it.each<[string, Partial<Exchange>]>([
    ['held open', { duration: 100 }],
    ['answered with content', { received: 90_000 }],
  ])('does not take for brief what is %s', (_, each) => {
    expect(findCalls(calls(everyMinute, () => each))?.isBrief).toBe(false);
  });

  it.each<[string, Partial<Exchange>, boolean]>([
    ['a few bytes over UDP', {}, false],
    ['the same over TCP', { protocol: 'tcp' }, true],
    ['more than a few bytes', { sent: 300 }, true],
    ['more than a few bytes back', { received: 300 }, true],
    ['bytes that nobody counted', { sent: undefined }, true],
  ])('takes for what keeps a flow open: %s', (_, each, isCall) => {
    const small: Partial<Exchange> = { protocol: 'udp', port: 32_100, sent: 48, received: 48, ...each };
    const halfMinutes = everyMinute.map((at) => at / 2);

    expect(findCalls(calls(halfMinutes, () => small)) !== undefined).toBe(isCall);
  });

  it('takes a few bytes over UDP for a call where they come too seldom to keep a flow open', () => {
    const seldom = everyMinute.map((at) => 5 * at);

    expect(findCalls(calls(seldom, () => ({ protocol: 'udp', sent: 48, received: 48 })))).toBeDefined();
  });

  it.each<[string, number[]]>([
    ['few', everyMinute.slice(0, 7)],
    ['one after the other without a pause', Array.from({ length: 40 }, (_, n) => n * 3)],
    ['as people make them', Array.from({ length: 20 }, (_, n) => n ** 3 * 10)],
    ['none', []],
  ])('finds no rhythm in calls that are %s', (_, times) => {
    expect(findCalls(calls(times))).toBeUndefined();
  });
});
