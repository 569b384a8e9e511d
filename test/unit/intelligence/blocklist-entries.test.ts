import { describe, expect, it } from 'vitest';
import { parseBlocklistLine } from '../../../lib/intelligence/lists/blocklist-entries.ts';

describe('parseBlocklistLine', () => {
  it.each<[string, string[], number]>([
    ['8.8.8.8', ['8.8.8.8'], 1],
    ['  8.8.8.8  ', ['8.8.8.8'], 1],
    ['8.8.8.8\t7', ['8.8.8.8'], 7],
    ['8.8.8.8,7', ['8.8.8.8'], 7],
    ['8.8.8.8 ; 7 ; 2026-01-01', ['8.8.8.8'], 7],
    ['8.8.8.8 # a resolver', ['8.8.8.8'], 1],
    ['8.8.8.8 SBL12345', ['8.8.8.8'], 1],
    ['2001:DB8:0::1 3', ['2001:db8::1'], 3],
    ['::ffff:8.8.4.4', ['8.8.4.4'], 1],
    ['192.0.2.5/32', ['192.0.2.5'], 1],
    ['192.0.2.5/30 2', ['192.0.2.4', '192.0.2.5', '192.0.2.6', '192.0.2.7'], 2],
    ['2001:db8::ff/127', ['2001:db8::fe', '2001:db8::ff'], 1],
  ])('reads "%s"', (line, addresses, lists) => {
    expect(parseBlocklistLine(line)).toEqual({ ok: true, addresses, lists });
  });

  it.each(['', '   ', '# comment', '; comment', '// comment', '\t# 8.8.8.8'])('skips "%s"', (line) => {
    expect(parseBlocklistLine(line)).toBeUndefined();
  });

  it.each([
    ['example.org', '"example.org" is no IP address and no CIDR block'],
    ['8.8.8', '"8.8.8" is no IP address and no CIDR block'],
    ['8.8.8.8/33', '"8.8.8.8/33" is no CIDR block'],
    ['8.8.8.8/', '"8.8.8.8/" is no CIDR block'],
    ['8.8.8.8/8/8', '"8.8.8.8/8/8" is no CIDR block'],
    ['8.8.8.8 0', '"0" is no number of lists from 1 on'],
    ['8.8.8.8 -3', '"-3" is no number of lists from 1 on'],
    ['10.0.0.0/8', '10.0.0.0/8 holds more than 4096 addresses'],
    ['2001:db8::/64', '2001:db8::/64 holds more than 4096 addresses'],
  ])('tells what is wrong with "%s"', (line, reason) => {
    expect(parseBlocklistLine(line)).toEqual({ ok: false, reason });
  });

  it.each([
    ['1.2.3.4/20', 4_096, '1.2.0.0', '1.2.15.255'],
    ['1.2.253.4/22', 1_024, '1.2.252.0', '1.2.255.255'],
    ['2001:db8::/116', 4_096, '2001:db8::', '2001:db8::fff'],
  ])('expands %s, the whole block', (line, size, first, last) => {
    const parsed = parseBlocklistLine(line);
    if (!parsed?.ok) throw new Error('expected addresses');

    expect(new Set(parsed.addresses).size).toBe(size);
    expect([parsed.addresses.at(0), parsed.addresses.at(-1)]).toEqual([first, last]);
  });
});
