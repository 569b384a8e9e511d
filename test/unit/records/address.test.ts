import * as fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { canonicalAddress, isGloballyRoutable, isInside } from '../../../lib/records/address.ts';

describe('canonicalAddress', () => {
  it.each([
    ['8.8.8.8', '8.8.8.8'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::FFFF:0102:0304', '1.2.3.4'],
    ['0:0:0:0:0:ffff:1.2.3.4', '1.2.3.4'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:1.2.3.4%eth0', '1.2.3.4'],
  ])('writes %s as %s', (text, expected) => {
    const canonical = canonicalAddress(text);

    expect(canonical).toBe(expected);
  });

  it.each([
    ['empty', ''],
    ['a name', 'example.org'],
    ['shorthand', '10.1'],
    ['one number', '167772161'],
    ['octal', '010.0.0.1'],
    ['hexadecimal', '0x7f.0.0.1'],
    ['an octet too large', '256.1.1.1'],
    ['an octet too many', '1.2.3.4.5'],
    ['white space', ' 8.8.8.8'],
    ['a line feed', '8.8.8.8\n'],
    ['a port', '8.8.8.8:53'],
    ['brackets', '[::1]'],
    ['a prefix length', '10.0.0.0/8'],
    ['two gaps', '1::2::3'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['a group too long', '12345::'],
    ['digits of another script', '٨.8.8.8'],
  ])('takes %s for no address', (_, text) => {
    const canonical = canonicalAddress(text);

    expect(canonical).toBeUndefined();
  });

  it('keeps the deprecated IPv4-compatible form apart from the IPv4 address in it', () => {
    const dotted = canonicalAddress('::1.2.3.4');

    expect(dotted).toBe(canonicalAddress('::102:304'));
    expect(dotted).toBe('::102:304');
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const once = canonicalAddress(text);

        expect(once).toBeDefined();
        expect(canonicalAddress(once ?? '')).toBe(once);
      }),
    );
  });

  it('gives every spelling of eight groups the same text', () => {
    const groups = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(groups, (numbers) => {
        const short = numbers.map((group) => group.toString(16)).join(':');
        const padded = numbers.map((group) => group.toString(16).padStart(4, '0').toUpperCase()).join(':');

        expect(canonicalAddress(padded)).toBe(canonicalAddress(short));
      }),
    );
  });
});

describe('isGloballyRoutable', () => {
  it.each([
    ['a public resolver', '8.8.8.8'],
    ['the last address before private space', '9.255.255.255'],
    ['the first address after 172.16.0.0/12', '172.32.0.1'],
    ['the first address after shared space', '100.128.0.1'],
    ['an AS112 sink', '192.175.48.1'],
    ['allocated IPv6', '2606:4700:4700::1111'],
    ['the top of 2000::/3', '3ffe::1'],
    ['6to4', '2002:808:808::1'],
    ['Teredo', '2001:0:808:808::1'],
    ['the NAT64 prefix', '64:ff9b::808:808'],
  ])('reaches %s', (_, address) => {
    expect(isGloballyRoutable(address)).toBe(true);
  });

  it.each([
    ['10.0.0.0/8', '10.1.2.3'],
    ['172.16.0.0/12', '172.31.255.255'],
    ['192.168.0.0/16', '192.168.1.1'],
    ['shared space (CGNAT)', '100.64.0.1'],
    ['the end of shared space', '100.127.255.255'],
    ['loopback', '127.0.0.53'],
    ['link-local', '169.254.169.254'],
    ['this network', '0.0.0.0'],
    ['multicast', '224.0.0.251'],
    ['multicast by site', '239.255.255.250'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation 2', '198.51.100.1'],
    ['documentation 3', '203.0.113.1'],
    ['benchmarking', '198.18.0.1'],
    ['protocol assignments', '192.0.0.1'],
    ['IPv6 unspecified', '::'],
    ['IPv6 loopback', '::1'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv6 site-local', 'fec0::1'],
    ['unique local', 'fd00::1'],
    ['IPv6 multicast', 'ff02::fb'],
    ['IPv6 documentation', '2001:db8::1'],
    ['IPv6 documentation (3fff::/20)', '3fff::1'],
    ['IPv6 benchmarking', '2001:2::1'],
    ['discard only', '100::1'],
    ['segment routing', '5f00::1'],
    ['unallocated 4000::/3', '4000::1'],
    ['an IPv4-compatible address', '::102:304'],
    ['short groups that begin with a 2', '2::1'],
    ['short groups that begin with a 3', '30:1::1'],
  ])('does not reach %s', (_, address) => {
    expect(isGloballyRoutable(address)).toBe(false);
  });

  it('does not reach the NAT64 prefix for local use', () => {
    const isRoutable = isGloballyRoutable('64:ff9b:1::1');

    expect(isRoutable).toBe(false);
  });
});

describe('isInside', () => {
  const RANGES = new Set([
    'unspecified',
    'private',
    'carrierGradeNat',
    'loopback',
    'linkLocal',
    'uniqueLocal',
    'multicast',
    'broadcast',
  ]);

  it('is what the registries say', () => {
    const texts = fc.oneof(fc.ipV4(), fc.ipV6(), privateNeighbours());
    fc.assert(
      fc.property(texts, (text) => {
        const address = canonicalAddress(text) ?? '';
        expect(isInside(address)).toBe(RANGES.has(ipaddr.parse(address).range()));
      }),
      { seed: 19, numRuns: 2_000 },
    );
  });

  /** Addresses around the boundaries, which arbitrary ones rarely hit. */
  function privateNeighbours() {
    const first = fc.constantFrom(
      0,
      1,
      9,
      10,
      11,
      100,
      126,
      127,
      128,
      169,
      172,
      192,
      223,
      224,
      239,
      240,
      255,
    );
    const second = fc.constantFrom(0, 15, 16, 31, 32, 63, 64, 127, 128, 167, 168, 169, 253, 254, 255);
    return fc.tuple(first, second, fc.constantFrom('1.1', '255.255')).map((parts) => parts.join('.'));
  }
});
