import { describe, expect, it } from 'vitest';
import { protocolName } from '../../../lib/records/protocol.ts';
import { canonicalText, sensorRecord } from '../../factories/records.ts';

describe('a protocol', () => {
  it.each<[unknown, string]>([
    [6, 'tcp'],
    ['6', 'tcp'],
    ['006', 'tcp'],
    ['TCP', 'tcp'],
    [17, 'udp'],
    ['017', 'udp'],
    [58, 'icmp'],
    ['58', 'icmp'],
    ['IPv6-ICMP', 'icmp'],
    ['icmp6', 'icmp'],
    ['047', 'gre'],
    [0, 'hopopt'],
    [253, '253'],
    ['253', '253'],
    ['OSPFIGP', 'ospf'],
    ['X-Custom', 'x-custom'],
  ])('that comes as %j is %s', (given, name) => {
    expect(protocolName(given)).toBe(name);
    expect(canonicalText(sensorRecord({ protocol: given }))).toBe(
      canonicalText(sensorRecord({ protocol: name })),
    );
  });

  it.each([256, -1, 6.5, Number.NaN, '256', '0006', null, true])('is none of %j', (given) => {
    expect(protocolName(given)).toBe(given);
    expect(() => canonicalText(sensorRecord({ protocol: given }))).toThrow();
  });
});
