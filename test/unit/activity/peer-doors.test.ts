import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../lib/activity/exchange.ts';
import { findPeerDoors } from '../../../lib/activity/peer-doors.ts';
import { describeUnit } from '../../../lib/activity/unit-activity.ts';
import { viewUnit } from '../../../lib/activity/unit-view.ts';
import { exchange, series } from '../../factories/exchanges.ts';

const PORT = 44_123;
const CLIENT = '10.0.0.7';
const DOOR = `${CLIENT} ${PORT} udp`;

/** So many addresses that knock thrice each at a port of one host. */
function peers(count: number, each: Partial<Exchange> = {}): Exchange[] {
  return series(3 * count, 15, (n) => ({
    remote: `198.51.100.${n % count}`,
    local: CLIENT,
    port: PORT,
    protocol: 'udp',
    ...each,
  }));
}

/** Connections of others to a web server. */
function served(count: number): Exchange[] {
  return series(count, 1, () => ({
    remote: '192.0.2.1',
    local: '10.0.0.80',
    port: 443,
    outcome: 'answered',
  }));
}

function doorsOf(exchanges: readonly Exchange[]): string[] {
  return [...findPeerDoors(exchanges, viewUnit(exchanges))];
}

describe('findPeerDoors', () => {
  it.each<[string, Exchange[], string[]]>([
    ['addresses that knock at a high port of one host', peers(20), [DOOR]],
    ['clients of a server that has moved', peers(20, { protocol: 'tcp' }), [`${CLIENT} ${PORT} tcp`]],
    ['a port that refuses', peers(20, { outcome: 'refused' }), [DOOR]],
    ['few addresses in a small unit', peers(5), [DOOR]],
    ['fewer', peers(4), []],
    ['few addresses in a large unit', [...peers(19), ...served(4_000)], []],
    ['enough addresses in a large unit', [...peers(20), ...served(10_000)], [DOOR]],
    ['a port of a service', peers(20, { port: 9_999 }), []],
    ['hosts that are called by the site', peers(20, { isInbound: false }), []],
    ['a service that answers', [...peers(20), ...peers(1, { remote: '192.0.2.7', outcome: 'answered' })], []],
    ['the same port of two hosts', [...peers(20), ...peers(20, { local: '10.0.0.8' })], []],
    ['one who tries the port elsewhere too', [...peers(20), ...peers(1, { local: '10.0.0.8' })], [DOOR]],
  ])('of %s', (_, exchanges, expected) => {
    expect(doorsOf(exchanges)).toEqual(expected);
  });
});

describe('an address that looks for a peer', () => {
  const of = (exchanges: readonly Exchange[], remote = '198.51.100.3') =>
    describeUnit([...served(10), ...exchanges]).of({ address: remote, direction: 'inbound' });

  it('knocks once, however often it asks', () => {
    expect(of(peers(20))).toMatchObject({ connections: 3, knocks: 1, doors: 1 });
    expect(of(peers(4))).toMatchObject({ connections: 3, knocks: 3, doors: 1 });
  });

  it('still scans where it tries other ports', () => {
    const others = series(3, 1, (n) => ({ remote: '198.51.100.3', local: CLIENT, port: 20 + n }));

    expect(of([...peers(20), ...others])).toMatchObject({ knocks: 3, doors: 3 });
  });

  it('never has fewer knocks or doors for knocking more', () => {
    const knock = fc.record({
      local: fc.constantFrom(CLIENT, '10.0.0.8', '10.0.0.9'),
      port: fc.constantFrom(PORT, 51_413, 23),
    });
    const knocks = fc.array(knock, { maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), knocks, knocks, (count, first, more) => {
        const own = (tries: typeof first) =>
          tries.map((each) => exchange({ remote: '203.0.113.9', protocol: 'udp', ...each }));
        const figures = (tries: typeof first) => of([...peers(count), ...own(tries)], '203.0.113.9');
        const before = figures(first);
        const after = figures([...first, ...more]);
        expect(after?.knocks ?? 0).toBeGreaterThanOrEqual(before?.knocks ?? 0);
        expect(after?.doors ?? 0).toBeGreaterThanOrEqual(before?.doors ?? 0);
      }),
    );
  });
});
