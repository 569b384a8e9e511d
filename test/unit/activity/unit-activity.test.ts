import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../lib/activity/exchange.ts';
import { describeUnit } from '../../../lib/activity/unit-activity.ts';
import { call, exchange, series } from '../../factories/exchanges.ts';

/** Other traffic, so that the sensor sees both directions. */
const SERVED = Array.from({ length: 10 }, (_, n) =>
  exchange({ remote: `198.51.100.${n}`, local: '10.0.0.80', port: 443, outcome: 'answered' }),
);
const SCANNER = '203.0.113.9';

function inboundOf(exchanges: readonly Exchange[], remote = SCANNER) {
  return describeUnit(exchanges).of({ address: remote, direction: 'inbound' });
}

describe('describeUnit', () => {
  it('counts knocks and the doors that stayed closed', () => {
    const scan = series(40, 1, (n) => ({
      port: 1 + (n % 20),
      outcome: n % 2 === 0 ? 'refused' : 'unanswered',
    }));

    expect(inboundOf([...SERVED, ...scan])).toEqual({
      connections: 30,
      hosts: 1,
      services: 20,
      answered: 0,
      knocks: 30,
      doors: 20,
    });
  });

  it('takes silence for loss at a service that serves others', () => {
    const lost = series(5, 1, () => ({ local: '10.0.0.80', port: 443 }));

    expect(inboundOf([...SERVED, ...lost])).toMatchObject({ knocks: 0, doors: 0 });
  });

  it('makes nothing of silence where the sensor sees one direction', () => {
    const unheard = series(200, 1, (n) => ({ remote: `198.51.100.${n}` }));

    expect(inboundOf([...unheard, ...series(5, 1, () => ({}))])).toEqual({
      connections: 5,
      hosts: 1,
      services: 1,
    });
    expect(inboundOf([...unheard, ...SERVED, ...series(5, 1, () => ({}))])).toMatchObject({ knocks: 5 });
  });

  it('knows an address that local hosts talk with', () => {
    const queries = Array.from({ length: 3 }, () => call({ remote: SCANNER, port: 53, protocol: 'udp' }));

    expect(inboundOf([...SERVED, ...queries, exchange()])).toMatchObject({ is_partner: true });
    expect(inboundOf([...SERVED, ...queries.slice(1), exchange()])).not.toHaveProperty('is_partner');
  });

  it('counts addresses that one host calls on the same timetable', () => {
    const beacon = (remote: string, seconds: number, local: string) =>
      Array.from({ length: 20 }, (_, n) => call({ remote, local, at: n * seconds }));
    const activity = describeUnit([
      ...beacon('198.51.100.1', 60, '10.0.0.5'),
      ...beacon('198.51.100.2', 62, '10.0.0.5'),
      ...beacon('198.51.100.3', 60, '10.0.0.6'),
      ...beacon('198.51.100.4', 300, '10.0.0.5'),
    ]);

    const called = [1, 2, 3, 4].map((n) =>
      activity.of({ address: `198.51.100.${n}`, direction: 'outbound' }),
    );
    expect(called.map((each) => each?.companions)).toEqual([1, 1, 0, 0]);
    expect(called[0]).toMatchObject({
      interval_seconds: 50,
      jitter_percent: 0,
      is_brief: true,
    });
  });

  it('names a large upload', () => {
    const activity = describeUnit([
      call({ sent: 3e8, received: 1e6 }),
      call({ remote: '198.51.100.7', sent: 3e8, received: 2e8 }),
    ]);

    expect(activity.of({ address: SCANNER, direction: 'outbound' })?.uploaded_bytes).toBe(3e8);
    expect(activity.of({ address: '198.51.100.7', direction: 'outbound' })?.uploaded_bytes).toBeUndefined();
  });

  it('does not depend on the order of connections', () => {
    const unit = [
      ...SERVED,
      ...series(30, 7, (n) => ({ port: n % 4, outcome: n % 3 === 0 ? 'answered' : 'unanswered' })),
    ];

    fc.assert(
      fc.property(fc.shuffledSubarray(unit, { minLength: unit.length }), (shuffled) => {
        const of = (exchanges: readonly Exchange[]) =>
          describeUnit(exchanges).of({ address: SCANNER, direction: 'inbound' });
        expect(of(shuffled)).toEqual(of(unit));
      }),
    );
  });
});
