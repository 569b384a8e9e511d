import { describe, expect, it } from 'vitest';
import { rangeText } from '../../../../lib/intelligence/lists/address-range.ts';
import { listLineReader } from '../../../../lib/intelligence/lists/reading/list-line.ts';
import { NeverListedAddresses } from '../../../../lib/intelligence/lists/reading/never-listed.ts';

const neverListed = new NeverListedAddresses();

function read(lines: readonly string[]) {
  const readLine = listLineReader({ neverListed });
  return lines.map(readLine);
}

/** The ranges parsed from lines. */
function taken(lines: readonly string[]): string[] {
  return read(lines).flatMap((entry) => (entry?.taken ?? []).map(rangeText));
}

describe('a line of a list', () => {
  it.each<[string, string]>([
    ['23.9.8.7', '23.9.8.7'],
    ['  23.9.8.7\t', '23.9.8.7'],
    ['23.9.8.7 # seen twice', '23.9.8.7'],
    ['23.9.8.7 SBL12345', '23.9.8.7'],
    ['23.9.8.7 // a note', '23.9.8.7'],
    ['23.9.8.7:8080', '23.9.8.7'],
    ['[2A00:0::1]:443', '2a00::1'],
    ['2a00::1', '2a00::1'],
    ['::ffff:23.9.8.7', '23.9.8.7'],
    ['http://23.9.8.7/x.sh', '23.9.8.7'],
    ['hxxps://user@23[.]9[.]8[.]7:81/x', '23.9.8.7'],
    ['023.009.008.007', '23.9.8.7'],
    ['||23.9.8.7^$all', '23.9.8.7'],
    ['23.9.8.0/30', '23.9.8.0-23.9.8.3'],
    ['23.9.8.2/30', '23.9.8.0-23.9.8.3'],
    ['23.9.8.7/32', '23.9.8.7'],
    ['::ffff:23.9.8.0/126', '23.9.8.0-23.9.8.3'],
    ['23.9.0.0/16 ; SBL12', '23.9.0.0-23.9.255.255'],
    ['2a00:1::/127', '2a00:1::-2a00:1::1'],
    ['23.9.8.0/255.255.255.252', '23.9.8.0-23.9.8.3'],
    ['23.9.8.0 255.255.255.0', '23.9.8.0-23.9.8.255'],
    ['23.9.8.*', '23.9.8.0-23.9.8.255'],
    ['23.9.*.*', '23.9.0.0-23.9.255.255'],
    ['23.9.8.7-23.9.8.9', '23.9.8.7-23.9.8.9'],
    ['23.9.8.7 - 23.9.8.9', '23.9.8.7-23.9.8.9'],
    ['23.9.8.7 \u2013 23.9.8.9', '23.9.8.7-23.9.8.9'],
    ['23.9.8.7-9', '23.9.8.7-23.9.8.9'],
    ['2a00::1-2a00::9', '2a00::1-2a00::9'],
    ['023.009.008.007 - 023.009.008.009 , 100 , made up', '23.9.8.7-23.9.8.9'],
    ['Made up, a network:23.9.8.7-23.9.8.9', '23.9.8.7-23.9.8.9'],
    ['23.9.8.0\t23.9.8.255\t24\t77\tEXAMPLE', '23.9.8.0-23.9.8.255'],
    ['23.9.8.0   23.9.8.255   24', '23.9.8.0-23.9.8.255'],
    ['"23.9.8.0","23.9.9.255","ZZ"', '23.9.8.0-23.9.9.255'],
    ['23.9.8.7,443', '23.9.8.7'],
    ['23.9.8.7;64496', '23.9.8.7'],
    ['23.9.8.7|ZZ|made up', '23.9.8.7'],
    ['"23.9.8.7","made, up"', '23.9.8.7'],
    ["'23.9.8.7','443'", '23.9.8.7'],
    ['"2026-01-31 12:00:00","23.9.8.7","443"', '23.9.8.7'],
    ['23.9.8.7 to 23.9.8.9', '23.9.8.7-23.9.8.9'],
    ['from 23.9.8.7 to 23.9.8.9', '23.9.8.7-23.9.8.9'],
    ['23.9.8.7 -> 23.9.8.9', '23.9.8.7-23.9.8.9'],
    ['23.9.8.7..23.9.8.9', '23.9.8.7-23.9.8.9'],
    ['23.9.8.7 ... 23.9.8.9', '23.9.8.7-23.9.8.9'],
    ['2a00::1 to 2a00::9', '2a00::1-2a00::9'],
    ['23.9.8.7 to be seen', '23.9.8.7'],
    ['"note #1","23.9.8.7"', '23.9.8.7'],
    ['"23.9.8.7","x # y" # a comment', '23.9.8.7'],
    ['add made-up 23.9.8.0/31 timeout 0', '23.9.8.0-23.9.8.1'],
    ['deny 23.9.8.7;', '23.9.8.7'],
    ['0.0.0.0 23.9.8.7', '23.9.8.7'],
    ['23.9.8.7|8080', '23.9.8.7'],
    ['ip route 23.9.8.0 255.255.255.0 Null0', '23.9.8.0-23.9.8.255'],
    ['-A INPUT -s 23.9.8.0/31 -j DROP', '23.9.8.0-23.9.8.1'],
  ])('reads "%s"', (line, expected) => {
    expect(read([line])).toMatchObject([{ leftOut: [] }]);
    expect(taken([line])).toEqual([expected]);
  });

  it.each<[string, string[]]>([
    ['23.9.8.7, 23.9.8.9, 23.9.8.8', ['23.9.8.7', '23.9.8.9', '23.9.8.8']],
    [
      'alert ip [23.9.8.7,23.9.8.9,23.9.9.0/31] any -> $HOME_NET any (msg:"x, y";)',
      ['23.9.8.7', '23.9.8.9', '23.9.9.0-23.9.9.1'],
    ],
    ['acl made-up { 23.9.8.7; 23.9.9.0/31; };', ['23.9.8.7', '23.9.9.0-23.9.9.1']],
    ['add element inet filter made_up { 23.9.8.7, 2a00::1 }', ['23.9.8.7', '2a00::1']],
    ['elements = { 23.9.8.7 }', ['23.9.8.7']],
    ['23.9.8.7 [a, b]', ['23.9.8.7']],
  ])('may hold several addresses: "%s"', (line, expected) => {
    expect(taken([line])).toEqual(expected);
  });

  it.each(['', '   ', '# comment', '; comment', '// comment', '! comment', '\t# 23.9.8.7'])(
    'may be no entry: "%s"',
    (line) => {
      expect(read([line])).toEqual([undefined]);
    },
  );

  it.each([
    ['example.org', 'name', '"example.org" is a host name, not an address'],
    ['made up', 'unreadable', '"made" is not an IP address, range or CIDR block'],
    ['-A INPUT -s 23.9.8.7/32 -j ACCEPT', 'unreadable', 'a rule that lets traffic through'],
    ['allow 23.9.8.7;', 'unreadable', 'a rule that lets traffic through'],
    ['access-list 10 permit ip host 23.9.8.7 any', 'unreadable', 'a rule that lets traffic through'],
    ['23.9.8', 'unreadable', '"23.9.8" is not an IP address, range or CIDR block'],
    ['23.9.8.7/33', 'unreadable', '"23.9.8.7/33" is not a CIDR block'],
    ['23.9.8.7/8/8', 'unreadable', '"23.9.8.7/8/8" is not a CIDR block'],
    ['23.9.8.0/255.0.255.0', 'unreadable', '"23.9.8.0/255.0.255.0" is not a CIDR block'],
    ['23.9.8.9-23.9.8.7', 'unreadable', '23.9.8.9-23.9.8.7 ends before it begins'],
    ['23.9.8.9 23.9.8.7', 'unreadable', '23.9.8.9-23.9.8.7 ends before it begins'],
    ['23.9.8.9-2a00::1', 'unreadable', '"23.9.8.9-2a00::1" is not an address range'],
    ['23.9.*', 'unreadable', '"23.9.*" is not an IP address'],
    ['23.9.8.07', 'unreadable', '"23.9.8.07" is not an IP address, range or CIDR block'],
    ['0.0.0.0/0', 'too-large', '0.0.0.0-255.255.255.255 is more than a /8 of IPv4'],
    ['2a00::/15', 'too-large', '2a00::-2a01:ffff:ffff:ffff:ffff:ffff:ffff:ffff is more than a /19 of IPv6'],
    ['11.0.0.0/7', 'too-large', '10.0.0.0-11.255.255.255 is more than a /8 of IPv4'],
    ['224.0.0.0/4', 'multicast', '224.0.0.0-239.255.255.255 is multicast'],
    ['192.168.1.0/24', 'private', '192.168.1.0-192.168.1.255 is private'],
    [
      '127.0.0.1 localhost',
      'loopback',
      '127.0.0.1 is loopback: from a hosts file, whose names are not addresses',
    ],
    [
      '0.0.0.0 bad.example.org',
      'reserved',
      '0.0.0.0 is reserved: from a hosts file, whose names are not addresses',
    ],
    [
      'fe80::1%lo0 localhost',
      'link-local',
      'fe80::1 is link-local: from a hosts file, whose names are not addresses',
    ],
    ['0.0.0.0\t0.255.255.255\t8', 'reserved', '0.0.0.0-0.255.255.255 is reserved'],
    ['8.8.4.4', 'resolver', '8.8.4.4 is a well-known public resolver'],
  ])('says why "%s" is left out', (line, kind, reason) => {
    expect(read([line])).toEqual([{ taken: [], leftOut: [{ kind, reason }] }]);
  });

  it('may be taken in part', () => {
    expect(taken(['1.1.1.0/30'])).toEqual(['1.1.1.0']);
    expect(read(['1.1.1.0/30'])).toMatchObject([
      { leftOut: [{ kind: 'resolver', reason: 'part of 1.1.1.0-1.1.1.3 is a well-known public resolver' }] },
    ]);
  });
});

describe('a heading', () => {
  it('says in which column the address is', () => {
    expect(taken(['"port","dst_ip","peer"', '"443","23.9.8.7","23.1.1.1"'])).toEqual(['23.9.8.7']);
  });

  it('says where a range begins and ends', () => {
    expect(taken(['asn;end;start', '64496;23.9.8.9;23.9.8.7'])).toEqual(['23.9.8.7-23.9.8.9']);
  });

  it('names times in the same words', () => {
    expect(taken(['ip,first,last', '23.9.8.7,2026-01-01,2026-01-31'])).toEqual(['23.9.8.7']);
  });

  it('is not expected later', () => {
    expect(read(['23.9.8.7', 'ip,port'])).toMatchObject([{}, { leftOut: [{ kind: 'unreadable' }] }]);
  });
});

it('a number in another column is no address', () => {
  expect(taken(['23.9.8.7 9', '23.9.8.8,443'])).toEqual(['23.9.8.7', '23.9.8.8']);
});
