import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AllowDirection,
  type AllowEntry,
  describeTarget,
} from '../../../../lib/intelligence/allowlist/allow-entry.ts';
import { allowEntryId, isBroad, parseNetwork } from '../../../../lib/intelligence/allowlist/allow-target.ts';
import { Allowlist } from '../../../../lib/intelligence/allowlist/allowlist.ts';
import { rangeOfAddress, rangeOfBlock } from '../../../../lib/intelligence/lists/address-range.ts';

const NOW_MS = 1_800_000_000_000;

const entry = (network: string, changes: Partial<AllowEntry> = {}): AllowEntry => {
  const target = { network, ...changes };
  return { id: allowEntryId(target), reason: 'ours', owner: 'somebody', addedAtMs: NOW_MS, ...target };
};

describe('parseNetwork', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7/32'],
    ['203.0.113.7/24', '203.0.113.0/24'],
    [' 203.0.113.0/24 ', '203.0.113.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0:0::1', '2001:db8::1/128'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['::ffff:203.0.113.7', '203.0.113.7/32'],
  ])('reads %s', (text, network) => {
    expect(parseNetwork(text)).toBe(network);
  });

  it.each([
    '',
    'example.org',
    '203.0.113',
    '203.0.113.0/33',
    '203.0.113.0/24/1',
    '203.0.113.0/x',
    '2001:db8::/129',
  ])('knows no network in "%s"', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});

describe('isBroad', () => {
  it.each([
    ['10.0.0.0/8', true],
    ['10.0.0.0/9', false],
    ['0.0.0.0/0', true],
    ['2001:db8::/19', true],
    ['2001:db8::/20', false],
    ['203.0.113.7/32', false],
  ])('%s: %s', (network, expected) => {
    expect(isBroad(network)).toBe(expected);
  });
});

describe('describeTarget', () => {
  it.each([
    [{ network: '203.0.113.7/32' }, '203.0.113.7'],
    [{ network: '2001:db8::1/128', port: 443 }, '2001:db8::1, port 443'],
    [{ network: '2001:db8::/32', direction: 'inbound' as const }, '2001:db8::/32, inbound'],
    [{ network: '203.0.113.0/24', port: 0 }, '203.0.113.0/24, port 0'],
  ])('%j', (target, text) => {
    expect(describeTarget(target)).toBe(text);
  });
});

describe('allowEntryId', () => {
  it('is the same for the same target, whatever else the entry says, and another for each other target', () => {
    const targets = [
      { network: '203.0.113.0/24' },
      { network: '203.0.113.0/25' },
      { network: '203.0.113.0/24', port: 443 },
      { network: '203.0.113.0/24', direction: 'inbound' as const },
    ];

    expect(allowEntryId({ network: '203.0.113.0/24' })).toBe(entry('203.0.113.0/24', { reason: 'other' }).id);
    expect(new Set(targets.map(allowEntryId)).size).toBe(targets.length);
  });
});

describe('the allowlist', () => {
  const allows = (list: Allowlist, address: string, dst_port = 443, direction: AllowDirection = 'outbound') =>
    list.entryFor({ address, dst_port, direction }, NOW_MS) !== undefined;

  it('is for the port and the direction of an entry alone', () => {
    const list = new Allowlist([entry('203.0.113.0/24', { port: 443, direction: 'outbound' })]);

    expect(allows(list, '203.0.113.9')).toBe(true);
    expect(allows(list, '203.0.113.9', 80)).toBe(false);
    expect(allows(list, '203.0.113.9', 443, 'inbound')).toBe(false);
    expect(allows(list, '203.0.114.9')).toBe(false);
  });

  it('goes on with a wider entry where a narrower one is for another port', () => {
    const list = new Allowlist([entry('203.0.113.9/32', { port: 22 }), entry('203.0.113.0/24')]);

    expect(allows(list, '203.0.113.9', 443)).toBe(true);
  });

  it.each([
    [NOW_MS, false],
    [NOW_MS + 1, true],
    [undefined, true],
  ])('heeds an entry that expires at %s: %s', (expiresAtMs, expected) => {
    const list = new Allowlist([entry('203.0.113.9/32', expiresAtMs === undefined ? {} : { expiresAtMs })]);

    expect(allows(list, '203.0.113.9')).toBe(expected);
  });

  it('allows nothing where it is empty', () => {
    expect(allows(Allowlist.NONE, '203.0.113.9')).toBe(false);
  });

  it('allows what is inside of its networks, and nothing else', () => {
    const network = fc
      .oneof(
        fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
        fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
      )
      .map(([address, prefix]) => parseNetwork(`${address}/${prefix}`))
      .filter((text) => text !== undefined);
    const address = fc
      .oneof(fc.ipV4(), fc.ipV6())
      .map((text) => parseNetwork(text)?.split('/')[0])
      .filter((text) => text !== undefined);
    fc.assert(
      fc.property(fc.array(network, { maxLength: 20 }), address, (networks, one) => {
        const position = rangeOfAddress(one);
        const isInside = networks
          .map(rangeOfBlock)
          .some(
            ({ family, first, last }) =>
              family === position.family && first <= position.first && position.first <= last,
          );

        const list = new Allowlist(networks.map((each) => entry(each)));

        expect(allows(list, one)).toBe(isInside);
      }),
    );
  });
});
