import { describe, expect, it } from 'vitest';
import { createLocality } from '../../../lib/records/locality.ts';

describe('createLocality', () => {
  it.each([
    ['a private address', '10.0.0.1', true],
    ['multicast', '224.0.0.251', true],
    ['the first address of a home network', '147.32.80.0', true],
    ['the last address of a home network', '147.32.95.255', true],
    ['the address before a home network', '147.32.79.255', false],
    ['the address after a home network', '147.32.96.0', false],
    ['an IPv6 home network', '2001:718:2::1', true],
    ['an address beside the IPv6 home network', '2001:718:3::1', false],
    ['a public resolver', '8.8.8.8', false],
  ])('knows whether %s is local', (_, address, expected) => {
    const isLocal = createLocality(['147.32.80.0/20', '2001:0718:0002::/48']);

    expect([isLocal(address), isLocal(address)]).toEqual([expected, expected]);
  });

  it('takes everything for local under a block of all addresses', () => {
    const isLocal = createLocality(['0.0.0.0/0', '::/0']);

    expect([isLocal('8.8.8.8'), isLocal('2606:4700::1')]).toEqual([true, true]);
  });

  it('answers the same when it has seen more addresses than it remembers', () => {
    const isLocal = createLocality(['1.0.0.0/16']);
    const addresses = Array.from({ length: 25_000 }, (_, n) => `1.${n % 3}.${n >> 8}.${n & 255}`);

    const wrong = [...addresses, ...addresses].filter(
      (address) => isLocal(address) !== address.startsWith('1.0.'),
    );

    expect(wrong).toEqual([]);
  });

  it.each([
    'nonsense',
    '',
    '/8',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8.5',
    '10.0.0.0/ 8',
    '10.0.0/8',
    '2001:db8::/129',
    '::ffff:10.0.0.0/104',
    '10.0.0.0/255.0.0.0',
    '10.0.0.0/8/9',
  ])('refuses "%s" by its name', (block) => {
    const create = () => createLocality(['192.168.0.0/16', block]);

    expect(create).toThrow(RangeError);
    expect(create).toThrow(`"${block}" is not a CIDR block`);
  });
});
