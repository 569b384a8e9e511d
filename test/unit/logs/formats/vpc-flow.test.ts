import { describe, expect, it } from 'vitest';
import { entriesOf, logOf, outcomeOf, vpcLine } from '../../../factories/sensor-logs.ts';

const RECORD = {
  timestamp: 1_790_000_000,
  src_ip: '10.20.4.9',
  src_port: 40_042,
  dst_ip: '203.0.113.7',
  dst_port: 443,
  protocol: 'tcp',
  bytes: 800,
  interface_id: 'eni-1235b8ca123456789',
  action: 'ACCEPT',
  state: 'answered',
};

async function outcomes(...lines: readonly string[]): Promise<unknown[]> {
  return (await entriesOf(lines.join('\n'))).map(outcomeOf);
}

describe('VPC flow logs in the default order', () => {
  const { src_port: _, ...withoutPort } = RECORD;
  const { bytes: __, ...withoutBytes } = RECORD;

  it.each<[string, Parameters<typeof vpcLine>[0], object]>([
    ['a flow', {}, RECORD],
    ['a rejected flow', { action: 'REJECT' }, { ...RECORD, action: 'REJECT', state: 'refused' }],
    ['UDP', { protocol: '17' }, { ...RECORD, protocol: 'udp' }],
    ['no bytes', { bytes: '-' }, withoutBytes],
    [
      'ICMP',
      { protocol: '1', srcport: '0', dstport: '0' },
      { ...withoutPort, protocol: 'icmp', dst_port: 0 },
    ],
    [
      'ICMPv6',
      { protocol: '58', srcaddr: '2001:DB8::1', srcport: '0', dstport: '0' },
      { ...withoutPort, protocol: 'icmp', src_ip: '2001:db8::1', dst_port: 0 },
    ],
    ['GRE', { protocol: '47' }, { ...withoutPort, protocol: 'gre', dst_port: 0 }],
    ['a protocol without a name here', { protocol: '253' }, { ...withoutPort, protocol: '253', dst_port: 0 }],
  ])('are read: %s', async (_, changes, expected) => {
    expect(await outcomes(vpcLine(changes))).toEqual([expected]);
  });

  it.each(['NODATA', 'SKIPDATA'])('say when there was none: %s', async (status) => {
    const line = `2 123456789010 eni-1 - - - - - - - 1790000000 1790000060 - ${status}`;

    expect(await outcomes(line, vpcLine())).toEqual([{ skipped: status }, RECORD]);
  });

  it.each([
    ['a port out of range', vpcLine({ dstport: '70000' }), 'dst_port: expected at most 65535, got 70000'],
    ['a missing address', vpcLine({ dstaddr: '-' }), 'dst_ip: missing'],
    ['a time that is none', vpcLine({ start: 'now' }), /^timestamp: expected epoch seconds/],
    ['a line cut short', vpcLine().slice(0, 60), 'record: expected 14 columns, got 6'],
    ['more columns', `${vpcLine()} 7`, 'record: expected 14 columns, got 15'],
  ])('are invalid with %s', async (_, line, reason) => {
    const [, invalid] = await outcomes(vpcLine(), line);

    expect(invalid).toMatch(reason);
  });
});

describe('VPC flow logs with a header', () => {
  const header =
    'version vpc-id flow-direction srcaddr pkt-srcaddr dstaddr pkt-dstaddr srcport dstport protocol start log-status';
  const { bytes: _, interface_id: __, action: ___, state: ____, ...common } = RECORD;

  it.each([
    [
      'the packet addresses behind a gateway; that the interface is one side says nothing about them',
      '5 vpc-1 ingress 10.0.1.5 10.0.1.5 10.0.0.220 203.0.113.5 40042 443 6 1790000000 OK',
      { ...common, src_ip: '10.0.1.5', dst_ip: '203.0.113.5', vpc_id: 'vpc-1' },
    ],
    [
      'the direction out of the interface',
      '5 vpc-1 egress 10.20.4.9 10.20.4.9 203.0.113.7 203.0.113.7 40042 443 6 1790000000 OK',
      { ...common, local_orig: true, vpc_id: 'vpc-1' },
    ],
    [
      'the direction into the interface',
      '5 vpc-1 ingress 203.0.113.7 - 2001:db8::5 - 443 40042 6 1790000000 OK',
      {
        ...common,
        src_ip: '203.0.113.7',
        src_port: 443,
        dst_ip: '2001:db8::5',
        dst_port: 40_042,
        local_resp: true,
        vpc_id: 'vpc-1',
      },
    ],
  ])('give %s', async (_, line, expected) => {
    expect(await outcomes(header, line)).toEqual([expected]);
  });

  it('may have it again where files were put together, in another order', async () => {
    const lines = [
      'srcaddr dstaddr srcport dstport protocol start',
      '10.20.4.9 203.0.113.7 40042 443 6 1790000000',
      'start protocol dstport srcport dstaddr srcaddr',
      '1790000000 6 443 40042 203.0.113.7 10.20.4.9',
    ];

    expect(await outcomes(...lines)).toEqual([common, common]);
  });

  it('are read without one where the user says so', async () => {
    const { entries, unit } = await logOf('nonsense\n', 'vpc-flow');

    expect(unit).toBe('line');
    expect(entries.map(outcomeOf)).toEqual(['record: expected 14 columns, got 1']);
  });
});

describe('flow logs with something in front', () => {
  it.each<[string, string]>([
    ['a time', `2026-09-21T14:13:20.000Z ${vpcLine()}`],
    ['a time with an offset', `2026-09-21T14:13:20+02:00 ${vpcLine()}`],
    ['a date and a time', `2026-09-21 14:13:20.000 ${vpcLine()}`],
    ['milliseconds', `1790000000123 ${vpcLine()}`],
    ['seconds', `1790000000 ${vpcLine()}`],
    ['a time and a stream', `2026-09-21T14:13:20.000000+00:00 eni-1-all ${vpcLine()}`],
    ["a time and a stream of a site's own name", `2026-09-21T14:13:20Z logs/a-1 ${vpcLine()}`],
    ['a time in CSV', `1790000000123,${vpcLine()}`],
    ['a time in CSV with quotes', `"2026-09-21 14:13:20.000","${vpcLine()}"`],
  ])('are the same flows: %s', async (_, line) => {
    expect(await outcomes(line, line)).toEqual([RECORD, RECORD]);
  });

  it('are found by the number of columns where a header names them', async () => {
    const { bytes: _, interface_id: __, action: ___, state: ____, ...common } = RECORD;
    const lines = [
      'start srcaddr dstaddr srcport dstport protocol',
      '1790000000 10.20.4.9 203.0.113.7 40042 443 6',
      '1790000000123 1790000000 10.20.4.9 203.0.113.7 40042 443 6',
      '2026-09-21T14:13:20Z eni-1 1790000000 10.20.4.9 203.0.113.7 40042 443 6',
    ];

    expect(await outcomes(...lines)).toEqual([common, common, common]);
  });

  it('have a heading in CSV, which is no flow', async () => {
    expect(await outcomes('timestamp,message', `1790000000123,${vpcLine()}`)).toEqual([RECORD]);
    expect(await outcomes('"@timestamp","@message"', `1790000000123,${vpcLine()}`)).toEqual([RECORD]);
  });
});

describe("a transit gateway's flow log", () => {
  const common = 'srcaddr dstaddr srcport dstport protocol start flow-direction';

  it.each<[string, string, string]>([
    ['by its type', `resource-type ${common}`, 'TransitGateway'],
    ['by a column of its own', `tgw-id ${common}`, 'tgw-1'],
    ['by a count of lost packets', `packets-lost-no-route ${common}`, '0'],
    ['by its version', `version ${common}`, '6'],
  ])("has a direction that is the gateway's: %s", async (_, header, first) => {
    const flows = ['ingress', 'egress'].flatMap((direction) => [
      `${first} 10.20.4.9 203.0.113.7 40042 443 6 1790000000 ${direction}`,
      `${first} 203.0.113.7 10.20.4.9 40042 22 6 1790000000 ${direction}`,
    ]);
    const found = await outcomes(header, ...flows);

    expect(found).toHaveLength(4);
    for (const record of found) {
      expect(record).toMatchObject({ protocol: 'tcp' });
      expect(record).not.toHaveProperty('local_orig');
      expect(record).not.toHaveProperty('local_resp');
    }
  });

  it("is not what a VPC's version says", async () => {
    const flow = '5 10.20.4.9 203.0.113.7 40042 443 6 1790000000 egress';

    expect(await outcomes(`version ${common}`, flow)).toMatchObject([{ local_orig: true }]);
  });
});
