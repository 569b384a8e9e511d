import { describe, expect, it } from 'vitest';
import { rangeText } from '../../../../lib/intelligence/lists/address-range.ts';
import { readListJson } from '../../../../lib/intelligence/lists/reading/list-json.ts';
import { NeverListedAddresses } from '../../../../lib/intelligence/lists/reading/never-listed.ts';

const neverListed = new NeverListedAddresses();

function read(value: unknown) {
  const entries = [...readListJson(value, { neverListed })];
  return {
    taken: entries.flatMap(({ taken }) => taken.map(rangeText)),
    leftOut: entries.flatMap(({ leftOut }) => leftOut.map(({ reason }) => reason)),
  };
}

describe('readListJson', () => {
  it.each<[unknown, string[]]>([
    ['23.9.8.7', ['23.9.8.7']],
    [
      ['23.9.8.7', '23.9.8.0/31'],
      ['23.9.8.7', '23.9.8.0-23.9.8.1'],
    ],
    [{ cidr: '23.9.8.0/30', rir: 'arin' }, ['23.9.8.0-23.9.8.3']],
    [{ ip_address: '23.9.8.7', port: 8080, first_seen: '2026-01-01' }, ['23.9.8.7']],
    [{ ipAddress: '23.9.8.7', abuseConfidenceScore: 100 }, ['23.9.8.7']],
    [{ 'IP Address': '23.9.8.7' }, ['23.9.8.7']],
    [{ ip: '23.9.8.0', prefix_length: 30 }, ['23.9.8.0-23.9.8.3']],
    [{ start: '23.9.8.7', end: '23.9.8.9' }, ['23.9.8.7-23.9.8.9']],
    [{ ip: '23.9.8.7', first: '2026-01-01', last: '2026-01-31' }, ['23.9.8.7']],
    [{ ioc_value: '23.9.8.7:443', ioc_type: 'ip:port' }, ['23.9.8.7']],
    [{ type: 'ip-dst', value: '23.9.8.7' }, ['23.9.8.7']],
    [{ meta: { generated: 'now' }, data: [{ ip: '23.9.8.7' }] }, ['23.9.8.7']],
    [
      { prefixes: [{ ip_prefix: '23.9.8.0/31' }], ipv6_prefixes: [{ ipv6_prefix: '2a00::/128' }] },
      ['23.9.8.0-23.9.8.1', '2a00::'],
    ],
    [{ '23.9.8.7': { reports: 3 }, '23.9.8.9': { reports: 4 } }, ['23.9.8.7', '23.9.8.9']],
    [{ 101: [{ ioc_value: '23.9.8.7:443' }], 102: [{ ioc_value: '23.9.8.9:80' }] }, ['23.9.8.7', '23.9.8.9']],
    [{ type: 'ip-dst|port', value: '23.9.8.7|443' }, ['23.9.8.7']],
    [{ type: 'indicator', pattern: "[ipv4-addr:value = '23.9.8.7']" }, ['23.9.8.7']],
    [
      { objects: [{ pattern: "[ipv4-addr:value ISSUBSET '23.9.8.0/31' OR ipv6-addr:value='2a00::1']" }] },
      ['23.9.8.0-23.9.8.1', '2a00::1'],
    ],
    [{ pattern: "[ipv4-addr:value IN ('23.9.8.7', '23.9.8.9')]" }, ['23.9.8.7', '23.9.8.9']],
    [{ meta: { generated: 'now' }, data: [] }, []],
    [{ type: 'metadata', records: 3, copyright: 'made up' }, []],
  ])('reads %j', (value, taken) => {
    expect(read(value)).toEqual({ taken, leftOut: [] });
  });

  it.each<[unknown, string]>([
    [7, '7 is not an IP address, range or CIDR block'],
    [null, 'null is not an IP address, range or CIDR block'],
    [{ port: 443 }, 'no field with an address, such as "cidr" or "ip"'],
    [{ host: 'example.org' }, '"example.org" is a host name, not an address'],
    [{ pattern: "[domain-name:value = 'example.org']" }, 'a pattern without an address'],
    [{ ip: '10.0.0.1' }, '10.0.0.1 is private'],
    [{ cidr: '23.9.8.0/40' }, '"23.9.8.0/40" is not a CIDR block'],
    [{ start: '23.9.8.9', end: '23.9.8.7' }, '23.9.8.9-23.9.8.7 ends before it begins'],
  ])('says what is wrong with %j', (value, reason) => {
    expect(read(value)).toEqual({ taken: [], leftOut: [reason] });
  });
});
