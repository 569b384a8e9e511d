import { describe, expect, it } from 'vitest';
import { sumUpFindings } from '../../../../lib/announcement/address-findings.ts';
import {
  attentionHeader,
  attentionJson,
  attentionLine,
  entryVoteLines,
} from '../../../../lib/cli/output/attention-lines.ts';
import { finding } from '../../../factories/findings.ts';

const LONGEST = '2001:db8:1111:2222:3333:4444:5555:6666';
const hosts = ['10.20.30.40', '10.20.30.41', '10.20.30.42'];
const entry = (changes: Parameters<typeof finding>[0], label?: 'benign' | 'malicious') => ({
  ...sumUpFindings([finding(changes)]),
  ...(label && { label }),
});

describe('a line of attention', () => {
  it.each([
    [
      {},
      '  0.800  203.0.113.9      8443/tcp        from 10.0.0.7                                  11-27 11:59',
    ],
    [
      { pattern: 'beacon', localHosts: hosts, reasons: ['malicious', 'uncertain'] },
      '  0.800  203.0.113.9      8443/tcp        beacon from 10.20.30.40 and 2 more, uncertain  11-27 11:59',
    ],
    [
      { address: LONGEST, direction: 'inbound', pattern: 'guessing', localHosts: hosts },
      `  0.800  ${LONGEST}  8443/tcp        guessing at 10.20.30.…  11-27 11:59`,
    ],
  ] as const)('of %j', (changes, expected) => {
    expect(
      attentionLine(entry({ ...changes, reasons: [...('reasons' in changes ? changes.reasons : [])] })),
    ).toBe(expected);
  });

  it.each([
    [{}],
    [{ address: LONGEST, localHosts: [LONGEST, ...hosts], reasons: ['failed', 'uncertain'] }],
    [{ services: Array.from({ length: 10 }, (_, n) => ({ port: 65_000 + n, protocol: 'ipv6-icmp' })) }],
    [{ localHosts: [] }],
    [{ services: [] }],
  ] as const)('fits 100 characters, whatever it is about: %j', (changes) => {
    const line = attentionLine(entry(structuredClone(changes) as Parameters<typeof finding>[0], 'malicious'));

    expect(line.length).toBeLessThanOrEqual(100);
    expect(line).toMatch(/11-27 11:59$/);
  });

  it('stands below the names of its columns', () => {
    const line = attentionLine(entry({}));

    const header = attentionHeader();
    expect(header.indexOf('address')).toBe(line.indexOf('203.'));
    expect(header.indexOf('service')).toBe(line.indexOf('8443'));
    expect(header.indexOf('last')).toBe(line.indexOf('11-27'));
  });

  it('says what a human said of the address', () => {
    expect(attentionLine(entry({}, 'malicious'))).toContain('from 10.0.0.7, labelled malicious');
    expect(JSON.parse(attentionJson(entry({}, 'benign')))).toMatchObject({
      label: 'benign',
      urgency: 'calling',
    });
  });

  it('says so where its verdict is gone', () => {
    expect(entryVoteLines(undefined)).toEqual([
      '        its verdict is not stored: it arrives with the next delivery, or has expired',
    ]);
  });
});
