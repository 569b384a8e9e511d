import { describe, expect, it } from 'vitest';
import { judgeFeed } from '../../../../lib/intelligence/feeds/judge-feed.ts';
import { type ReadFeed, readFeed } from '../../../../lib/intelligence/feeds/read-feed.ts';
import { rangeText } from '../../../../lib/intelligence/lists/address-range.ts';
import { NeverListedAddresses } from '../../../../lib/intelligence/lists/reading/never-listed.ts';
import { buildFeed } from '../../../factories/feeds.ts';

const HOME = ['198.51.100.0/24'];
const never = new NeverListedAddresses(HOME);

function read(text: string, feed: Parameters<typeof readFeed>[1], most = 1_000): ReadFeed {
  return readFeed(Buffer.from(text), feed, never, most);
}

const ADDRESSES = Array.from({ length: 300 }, (_, n) => `203.0.${n >> 8}.${n & 255}`);

describe('reading a list', () => {
  it.each([
    ['lines', { format: 'lines' }, '# comment\n192.0.2.1\r\n\n203.0.113.0/24 ; SBL1\n2001:db8::/32\n'],
    [
      'lines with remarks and counts',
      { format: 'lines' },
      '192.0.2.1 # 2026\n203.0.113.0/24\t17\n2001:db8::/32,SSH\n',
    ],
    [
      'columns',
      { format: 'columns' },
      '# DShield\nStart\tEnd\tNetblock\n192.0.2.1\t192.0.2.1\t32\n203.0.113.0\t203.0.113.255\t24\n2001:db8::\t2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\t32\n',
    ],
    [
      'objects of JSON, line by line',
      { format: 'json-lines' },
      '{"cidr":"192.0.2.1/32","sblid":"SBL1"}\n{"cidr":"203.0.113.0/24"}\n{"cidr":"2001:db8::/32"}\n' +
        '{"type":"metadata","timestamp":1,"size":3,"records":3,"copyright":"(c)","terms":"https://x.example"}\n',
    ],
    [
      'a field of a document of JSON',
      { format: 'json', at: 'list' },
      '{"list":["192.0.2.1","203.0.113.0/24","2001:db8::/32"],"matching_attributes":["ip-src","domain|ip"]}',
    ],
    [
      'what AbuseIPDB answers',
      { format: 'json', at: 'data' },
      '{"meta":{"generatedAt":"2026-11-27T10:00:00+00:00"},"data":[{"ipAddress":"192.0.2.1","abuseConfidenceScore":100},' +
        '{"ipAddress":"203.0.113.0/24"},{"ipAddress":"2001:db8::/32"}]}',
    ],
    [
      'what AWS publishes',
      { format: 'json' },
      '{"syncToken":"1","prefixes":[{"ip_prefix":"192.0.2.1/32","region":"x"},{"ip_prefix":"203.0.113.0/24"}],' +
        '"ipv6_prefixes":[{"ipv6_prefix":"2001:db8::/32"}]}',
    ],
  ] as const)('understands %s', (_, feed, text) => {
    const { ranges, dropped } = read(text, feed);

    expect(dropped).toEqual({});
    expect(ranges.map(rangeText)).toEqual([
      '192.0.2.1',
      '203.0.113.0-203.0.113.255',
      '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    ]);
  });

  it('takes the addresses of name servers out of a zone', () => {
    const zone = [
      '.\t86400\tIN\tSOA\ta.root-servers.net. nstld.example. 2026112700 1800 900 604800 86400',
      'com.\t172800\tIN\tNS\ta.gtld-servers.net.',
      'a.gtld-servers.net.\t172800\tIN\tA\t192.5.6.30',
      'a.gtld-servers.net.\t172800\tIN\tAAAA\t2001:503:a83e::2:30',
      'other.example.\t172800\tIN\tA\t192.5.6.30',
      'com.\t86400\tIN\tRRSIG\tA 8 1 86400 20261210 20261127 1 . AAAA==',
    ].join('\n');

    const { ranges, entries, dropped } = read(zone, { format: 'zone' });

    expect(ranges.map(rangeText)).toEqual(['192.5.6.30', '2001:503:a83e::2:30']);
    expect({ entries, dropped }).toEqual({ entries: 2, dropped: {} });
  });

  it('drops what no list is believed about, and counts it', () => {
    const text =
      '10.0.0.0/8\n127.0.0.1\n198.51.100.7\n8.8.8.8\n0.0.0.0/0\n::/0\n64.0.0.0/7\nlocalhost\n192.0.2.1\n';

    const { ranges, dropped, entries } = read(text, { format: 'lines' });

    expect(ranges.map(rangeText)).toEqual(['192.0.2.1']);
    expect(entries).toBe(9);
    expect(dropped).toMatchObject({
      private: 1,
      loopback: 1,
      home: 1,
      resolver: 1,
      'too-large': 3,
      unreadable: 1,
    });
  });

  it('stops at more than a list may have', () => {
    const { isTooLarge, entries } = read(ADDRESSES.join('\n'), { format: 'lines' }, 100);
    expect({ isTooLarge, entries }).toEqual({ isTooLarge: true, entries: 101 });
  });
});

describe('judging a list', () => {
  const judge = (text: string, feed: object = {}, lastEntries?: number) => {
    const whole = buildFeed(feed);
    return judgeFeed(whole, read(text, whole), lastEntries);
  };
  const everything = Array.from({ length: 223 }, (_, n) => `${n + 1}.0.0.0/8`).join('\n');

  it.each([
    ['a good list', ADDRESSES.join('\n'), {}, 300],
    ['a list with a remark or two', `Listed are:\n${ADDRESSES.join('\n')}\nend`, {}, 300],
    ['one that grows', ADDRESSES.join('\n'), {}, 150],
    ['half of a short list', ADDRESSES.slice(0, 20).join('\n'), {}, 90],
    ['one without a predecessor', '192.0.2.1', {}, undefined],
    ['an empty one that may be empty', '# nothing today\n', { mayBeEmpty: true }, 5],
    ['clouds, which are large', everything, { kind: 'infrastructure', weight: 1 }, undefined],
    ['an own network more than once', `${'1.0.0.0/8\n'.repeat(20)}2.0.0.0/8`, {}, undefined],
  ])('believes %s', (_, text, feed, lastEntries) => {
    expect(judge(text, feed, lastEntries)).toEqual({ isSound: true });
  });

  it.each([
    ['nothing', '', {}, undefined, 'empty'],
    ['comments alone', '# nothing\n', {}, undefined, 'empty'],
    ['private addresses alone', '10.0.0.1\n192.168.0.1\n', {}, undefined, 'empty'],
    ['a tenth of the lines', ADDRESSES.slice(0, 30).join('\n'), {}, 300, 'shrunk'],
    [
      'another format',
      ADDRESSES.map((address) => `{"indicator": "${address}"`).join('\n'),
      {},
      300,
      'format',
    ],
    ['names instead of addresses', 'a.example.com\nb.example.com\nc.example.com\n', {}, undefined, 'format'],
    ['half of a document', '{"list": ["192.0.2.1", "192.0', { format: 'json' }, undefined, 'format'],
    ['another field', '{"entries": ["192.0.2.1"]}', { format: 'json', at: 'list' }, undefined, 'format'],
    ['bytes', '\u0000\u0001\u0002\n\u0003\n\u0004\n\u0005\n', {}, undefined, 'format'],
    ['everything', everything, {}, undefined, 'too-broad'],
    ['everything as harmless', everything, { kind: 'known-good', weight: 1 }, undefined, 'too-broad'],
    ['much of IPv6', '2000::/19\n'.repeat(3), {}, undefined, 'too-broad'],
  ])('does not believe %s', (_, text, feed, lastEntries, problem) => {
    expect(judge(text, feed, lastEntries)).toMatchObject({ isSound: false, problem });
  });
});
