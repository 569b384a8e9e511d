import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeOfAddress, rangeOfBlock, rangeText } from '../../../../lib/intelligence/lists/address-range.ts';
import { NeverListedAddresses } from '../../../../lib/intelligence/lists/reading/never-listed.ts';
import { PUBLIC_RESOLVERS } from '../../../../lib/intelligence/lists/reading/public-resolvers.ts';
import { canonicalAddress, isGloballyRoutable } from '../../../../lib/records/address.ts';

const never = new NeverListedAddresses(['129.69.0.0/16', '2001:7c0::/32']);

describe('addresses that are never listed', () => {
  it.each([
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['127.8.8.8', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['ff02::fb', 'multicast'],
    ['0.0.0.0', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['::', 'reserved'],
    ['4000::1', 'reserved'],
    ['2002:a00:1::', 'private'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['129.69.255.255', 'home'],
    ['2001:7c0::5', 'home'],
    ['8.8.8.8', 'resolver'],
    ['9.9.9.9', 'resolver'],
    ['2606:4700:4700::1111', 'resolver'],
  ])('%s: %s', (address, why) => {
    expect(never.part(rangeOfAddress(address))).toEqual({ taken: [], why: [why] });
  });

  it.each([
    '8.8.8.9',
    '129.70.0.0',
    '11.0.0.0',
    '172.32.0.0',
    '203.0.113.9',
    '2001:db8::1',
    '64:ff9b::808:807',
  ])('does not hold %s', (address) => {
    const range = rangeOfAddress(address);
    expect(never.part(range)).toEqual({ taken: [range], why: [] });
  });

  it.each([
    ['1.1.1.0/24', ['1.1.1.0', '1.1.1.4-1.1.1.255'], ['resolver']],
    [
      '8.0.0.0/6',
      ['8.0.0.0-8.8.4.3', '8.8.4.5-8.8.8.7', '8.8.8.9-8.20.247.19', '8.20.247.21-8.26.56.25'],
      [],
    ],
    ['192.168.0.0/15', ['192.169.0.0-192.169.255.255'], ['private']],
    ['224.0.0.0/3', [], ['multicast', 'reserved']],
  ])('are cut out of %s', (block, taken, why) => {
    const parted = never.part(rangeOfBlock(block));

    expect(parted.taken.map(rangeText).slice(0, 4)).toEqual(taken);
    expect(parted.why).toEqual(expect.arrayContaining(why));
  });

  it('leave nothing but what the internet reaches, and examples', () => {
    const examples = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'];
    const isExample = (address: string) =>
      examples.map(rangeOfBlock).some(({ family, first, last }) => {
        const own = rangeOfAddress(address);
        return own.family === family && first <= own.first && own.first <= last;
      });
    const any = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => canonicalAddress(text) ?? '');
    fc.assert(
      fc.property(any, (address) => {
        const isTaken = never.part(rangeOfAddress(address)).taken.length > 0;
        if (isTaken) expect(isGloballyRoutable(address) || isExample(address)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('name resolvers in canonical form', () => {
    const addresses = Object.values(PUBLIC_RESOLVERS).flat();

    expect(addresses.map((address) => canonicalAddress(address))).toEqual(addresses);
    expect(addresses.filter((address) => !isGloballyRoutable(address))).toEqual([]);
  });
});
