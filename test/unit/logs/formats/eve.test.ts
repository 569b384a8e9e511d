import { describe, expect, it } from 'vitest';
import { entriesOf, eveFlow, outcomeOf } from '../../../factories/sensor-logs.ts';

type Fields = Readonly<Record<string, unknown>>;

const RECORD = {
  // The start of the flow, not when it was logged.
  timestamp: 1_790_000_000.123456,
  id: '1374195536821504',
  src_ip: '10.20.4.9',
  src_port: 40_042,
  dst_ip: '203.0.113.7',
  dst_port: 443,
  protocol: 'tcp',
  app_proto: 'tls',
  state: 'answered',
  duration: 1,
  bytes: 800,
  bytes_out: 300,
  bytes_in: 500,
};

function lines(...events: readonly Fields[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

async function outcomes(...events: readonly Fields[]): Promise<unknown[]> {
  return (await entriesOf(lines(...events), 'eve')).map(outcomeOf);
}

function flowWith(changes: Fields): Fields {
  return eveFlow({ flow: { ...(eveFlow().flow as Fields), ...changes } });
}

describe("Suricata's flow events", () => {
  const { src_port: _, app_proto: __, ...withoutPort } = RECORD;
  const { bytes_out: ___, bytes_in: ____, ...withoutBytes } = RECORD;
  const portless = { src_port: undefined, dest_port: undefined, app_proto: undefined };

  it.each<[string, Fields, Fields]>([
    ['a flow', eveFlow(), RECORD],
    ['a flow with an alert', flowWith({ alerted: true }), { ...RECORD, flow_alerted: true }],
    [
      'what else there is',
      eveFlow({ host: 'sensor-1', community_id: '1:abc=', metadata: { flowbits: ['ET.Evil'] } }),
      { ...RECORD, host: 'sensor-1', community_id: '1:abc=', metadata: { flowbits: ['ET.Evil'] } },
    ],
    ['no start', flowWith({ start: undefined }), { ...RECORD, timestamp: 1_790_000_400.5 }],
    ['no counters', flowWith({ bytes_toserver: undefined }), { ...withoutBytes, bytes: 500, bytes_in: 500 }],
    [
      'a ping',
      eveFlow({ proto: 'ICMP', icmp_type: 8, icmp_code: 0, ...portless }),
      { ...withoutPort, protocol: 'icmp', dst_port: 0, icmp_type: 8, icmp_code: 0 },
    ],
    [
      'ICMPv6, which has one name with ICMP',
      eveFlow({ proto: 'IPv6-ICMP', src_ip: 'FE80::1', dest_ip: 'ff02::1', ...portless }),
      { ...withoutPort, protocol: 'icmp', dst_port: 0, src_ip: 'fe80::1', dst_ip: 'ff02::1' },
    ],
    [
      'a protocol without ports',
      eveFlow({ proto: 'GRE', ...portless }),
      { ...withoutPort, protocol: 'gre', dst_port: 0 },
    ],
    ['an unknown application', eveFlow({ app_proto: 'failed' }), { ...withoutPort, src_port: 40_042 }],
  ])('are read: %s', async (_, event, expected) => {
    expect(await outcomes(event)).toEqual([expected]);
  });

  it.each<[string, Fields, string | RegExp]>([
    ['no port where there must be one', eveFlow({ dest_port: undefined }), 'dst_port: missing'],
    ['no address', eveFlow({ dest_ip: undefined }), 'dst_ip: missing'],
    ['a protocol that is none', eveFlow({ proto: 256 }), /^protocol: expected a protocol name .*, got 256$/],
  ])('are invalid with %s', async (_, event, reason) => {
    const [outcome] = await outcomes(event);

    expect(outcome).toMatch(reason);
  });

  it('are told from all other events, which are skipped by their type', async () => {
    const others = ['alert', 'dns', 'http', 'tls', 'fileinfo', 'anomaly', 'stats'];

    const read = await outcomes(eveFlow(), ...others.map((event_type) => eveFlow({ event_type })));

    expect(read).toEqual([RECORD, ...others.map((skipped) => ({ skipped }))]);
  });

  it.each(['006', '6', 6, 'tcp', 'TCP'])('have a protocol by name or number: %j', async (proto) => {
    expect(await outcomes(eveFlow({ proto }))).toEqual([RECORD]);
  });

  it('of engines that log each direction by itself are read as well', async () => {
    const { flow: _, ...event } = eveFlow({ event_type: 'netflow' });
    const netflow = { pkts: 4, bytes: 300, start: '2026-09-21T16:13:20.123456+0200', age: 1 };
    const { state: __, bytes_out: ___, bytes_in: ____, ...record } = RECORD;

    expect(await outcomes({ ...event, netflow })).toEqual([{ ...record, bytes: 300 }]);
  });

  it('are found among other events and lines cut short', async () => {
    const cut = JSON.stringify(eveFlow()).slice(0, 100);
    const entries = await entriesOf(`${lines(eveFlow({ event_type: 'stats' }), eveFlow())}${cut}`);

    expect(entries.map(({ kind, position }) => [kind, position])).toEqual([
      ['skipped', 1],
      ['connection', 2],
      ['invalid', 3],
    ]);
    expect(entries[2]).toMatchObject({ text: cut, reason: expect.stringMatching(/^not JSON: /) });
  });
});
