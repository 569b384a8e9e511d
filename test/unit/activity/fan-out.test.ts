import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExchange, readInternal } from '../../../lib/activity/exchange.ts';
import { findFanOuts } from '../../../lib/activity/fan-out.ts';
import { describeUnit } from '../../../lib/activity/unit-activity.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { call, series } from '../../factories/exchanges.ts';
import { connectionRecord } from '../../factories/records.ts';

const INFECTED = '10.0.0.66';
const address = (n: number) => `198.51.${n >> 8}.${n & 255}`;

/** An ordinary host meanwhile, so that the sensor sees answers. */
const BROWSING = Array.from({ length: 40 }, (_, n) =>
  call({ remote: address(60_000 + n), local: '10.0.0.2' }),
);

/** @param answering one in this many targets answers; 0 for none */
function sweep(targets: number, answering = 0, port = 445) {
  return series(targets, 1, (n) => ({
    remote: address(n),
    local: INFECTED,
    isInbound: false,
    port,
    outcome: answering > 0 && n % answering === 0 ? 'answered' : 'unanswered',
  }));
}

describe('findFanOuts', () => {
  it('finds a host that tries many addresses at one port', () => {
    expect(findFanOuts([...BROWSING, ...sweep(1_000, 10)], [])).toEqual([
      {
        host: INFECTED,
        pattern: 'sweep',
        connections: 1_000,
        unanswered: 900,
        addresses: 1_000,
        ports: 1,
        port: 445,
        protocol: 'tcp',
      },
    ]);
  });

  it('finds one that tries many ports of one address, inside the site too', () => {
    const scan = series(200, 1, (n) => ({
      remote: '10.0.0.9',
      local: INFECTED,
      isInbound: false,
      port: 1 + n,
      outcome: 'refused',
    }));

    expect(findFanOuts([], scan)).toMatchObject([
      { host: INFECTED, pattern: 'scan', connections: 200, unanswered: 200, addresses: 1, ports: 200 },
    ]);
  });

  it('counts what was tried, not what the host does beside it', () => {
    const beside = Array.from({ length: 500 }, (_, n) =>
      call({ remote: address(50_000 + n), local: INFECTED }),
    );

    expect(findFanOuts([...BROWSING, ...beside, ...sweep(300)], [])).toMatchObject([
      { connections: 300, unanswered: 300, addresses: 300, port: 445 },
    ]);
  });

  it.each([
    ['a page whose servers are down', sweep(29)],
    ['a crawler, which is mostly answered', sweep(1_000, 2)],
    [
      'retries of one dead server',
      series(500, 1, () => ({ remote: address(1), local: INFECTED, isInbound: false, port: 443 })),
    ],
    [
      'a peer-to-peer client, which calls each peer at a port of its own',
      series(200, 1, (n) => ({
        remote: address(n),
        local: INFECTED,
        isInbound: false,
        port: 20_000 + n,
      })),
    ],
    [
      'a scan from outside',
      series(500, 1, (n) => ({ remote: address(1), local: `10.0.${n >> 8}.${n & 255}`, port: 23 })),
    ],
  ])('makes nothing of %s', (_, exchanges) => {
    expect(findFanOuts([...BROWSING, ...exchanges], [])).toEqual([]);
  });

  it('makes nothing of silence where the sensor sees one direction', () => {
    const unheard = BROWSING.map((exchange) => ({ ...exchange, outcome: 'unanswered' as const }));

    expect(findFanOuts([...unheard, ...sweep(300)], [])).toEqual([]);
    expect(findFanOuts([...BROWSING, ...sweep(300)], [])).toHaveLength(1);
  });

  it('names the busiest few', () => {
    const hosts = Array.from({ length: 9 }, (_, n) => `10.0.1.${n}`);
    const all = hosts.flatMap((local, n) => sweep(40 + n).map((exchange) => ({ ...exchange, local })));

    expect(findFanOuts([...BROWSING, ...all], []).map(({ host }) => host)).toEqual([
      '10.0.1.8',
      '10.0.1.7',
      '10.0.1.6',
    ]);
  });

  it('does not depend on the order of connections', () => {
    const all = [...BROWSING, ...sweep(60, 9), ...sweep(50, 0, 23)];

    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(findFanOuts(shuffled, [])).toEqual(findFanOuts(all, []));
      }),
      { seed: 19, numRuns: 20 },
    );
  });

  it('leaves what is said about the remote addresses as it is', () => {
    const lone = { address: address(7), direction: 'outbound' } as const;
    const withSweep = describeUnit([...BROWSING, ...sweep(300)]);
    const single = describeUnit([...BROWSING, ...sweep(300).slice(7, 8)]);

    expect(withSweep.fanOuts).toHaveLength(1);
    expect(withSweep.of(lone)).toEqual(single.of(lone));
  });
});

describe('connections inside the site', () => {
  const isLocal = createLocality([]);
  const inside = (fields: object) => {
    const record = connectionRecord({ src_ip: INFECTED, dst_ip: '10.0.0.9', state: 'unanswered', ...fields });
    const endpoint = remoteEndpoint(record, isLocal);
    return { internal: readInternal(record, endpoint), exchange: readExchange(record, endpoint) };
  };

  it('count for the host that began them alone', () => {
    expect(inside({ dst_port: 445 })).toMatchObject({
      internal: { local: INFECTED, remote: '10.0.0.9', port: 445, outcome: 'unanswered' },
      exchange: undefined,
    });
  });

  it.each([
    ['to a remote address', { dst_ip: '8.8.8.8' }],
    ['to a group', { dst_ip: '224.0.0.251' }],
    ['that answer a search', { protocol: 'udp', src_port: 1900, dst_port: 44_232 }],
  ])('are none %s', (_, fields) => {
    expect(inside(fields).internal).toBeUndefined();
  });
});
