import { describe, expect, it } from 'vitest';
import { remoteEndpoint, scoringInput } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { connectionRecord } from '../../factories/records.ts';

const isLocal = createLocality(['147.32.80.0/20']);
const INSIDE = '10.0.0.1';
const OTHER_INSIDE = '192.168.1.1';
const SERVER = '147.32.84.165';
const OUTSIDE = '8.8.8.8';
const OTHER_OUTSIDE = '1.1.1.1';

describe('remoteEndpoint', () => {
  it.each([
    ['outbound', INSIDE, OUTSIDE, 'outbound', OUTSIDE],
    ['outbound from a public server of the site', SERVER, OUTSIDE, 'outbound', OUTSIDE],
    ['inbound', OUTSIDE, INSIDE, 'inbound', OUTSIDE],
    ['inbound to a public server of the site', OUTSIDE, SERVER, 'inbound', OUTSIDE],
    ['internal', INSIDE, OTHER_INSIDE, 'internal', OTHER_INSIDE],
    ['internal between a host and a server', INSIDE, SERVER, 'internal', SERVER],
    ['external', OTHER_OUTSIDE, OUTSIDE, 'external', OUTSIDE],
    ['multicast, which never leaves the site', INSIDE, '224.0.0.251', 'internal', '224.0.0.251'],
    ['IPv6 outbound', 'fe80::1', '2606:4700::1111', 'outbound', '2606:4700::1111'],
    ['IPv6 multicast', 'fe80::1', 'ff02::fb', 'internal', 'ff02::fb'],
  ])('finds the remote side of a connection: %s', (_, src_ip, dst_ip, direction, address) => {
    const record = connectionRecord({ src_ip, dst_ip, dst_port: 443, protocol: 'TCP' });

    const endpoint = remoteEndpoint(record, isLocal);

    expect(endpoint).toEqual({ address, dst_port: 443, protocol: 'tcp', direction });
  });

  it.each([
    [
      { src_ip: OUTSIDE, dst_ip: OTHER_OUTSIDE, local_orig: true, local_resp: false },
      'outbound',
      OTHER_OUTSIDE,
    ],
    [{ src_ip: OUTSIDE, dst_ip: OTHER_OUTSIDE, local_orig: false, local_resp: true }, 'inbound', OUTSIDE],
    [
      { src_ip: '198.51.100.7', dst_ip: OTHER_INSIDE, local_orig: false, local_resp: true },
      'inbound',
      '198.51.100.7',
    ],
    [
      { src_ip: OUTSIDE, dst_ip: OTHER_OUTSIDE, local_orig: true, local_resp: true },
      'internal',
      OTHER_OUTSIDE,
    ],
    [{ src_ip: OUTSIDE, dst_ip: OTHER_OUTSIDE, local_orig: true }, 'outbound', OTHER_OUTSIDE],
    [{ src_ip: OUTSIDE, dst_ip: OTHER_OUTSIDE, local_resp: true }, 'inbound', OUTSIDE],
    [{ src_ip: INSIDE, dst_ip: OUTSIDE, local_resp: true }, 'internal', OUTSIDE],
    [{ src_ip: INSIDE, dst_ip: OUTSIDE, local_orig: null, local_resp: null }, 'outbound', OUTSIDE],
  ])('believes the sensor before the addresses: %j', (fields, direction, address) => {
    const endpoint = remoteEndpoint(connectionRecord(fields), isLocal);

    expect(endpoint).toMatchObject({ direction, address });
  });

  it.each([
    ['10.0.2.12', 'internal'],
    ['172.16.0.1', 'internal'],
    ['172.31.255.255', 'internal'],
    ['172.32.0.1', 'outbound'],
    ['192.168.1.1', 'internal'],
    ['192.169.1.1', 'outbound'],
    ['100.64.0.1', 'internal'],
    ['100.63.0.1', 'outbound'],
    ['100.127.0.1', 'internal'],
    ['100.128.0.1', 'outbound'],
    ['169.254.9.9', 'internal'],
    ['224.0.0.251', 'internal'],
    ['239.255.255.250', 'internal'],
    ['240.0.0.1', 'outbound'],
    ['255.255.255.255', 'internal'],
    ['198.51.100.1', 'outbound'],
    ['fd00::1', 'internal'],
    ['fe80::1', 'internal'],
    ['febf::1', 'internal'],
    ['ff02::fb', 'internal'],
    ['::1', 'internal'],
    ['2001:db8::1', 'outbound'],
  ])('knows %s for %s where the sensor calls it remote', (dst_ip, direction) => {
    const record = connectionRecord({ src_ip: INSIDE, dst_ip, local_orig: true, local_resp: false });

    expect(remoteEndpoint(record, isLocal)).toMatchObject({ direction, address: dst_ip });
  });
});

describe('scoringInput', () => {
  const DAY = 86_400;
  const reportedAt = (last_reported_at: number) => ({
    threat_intel: { abuseipdb: { confidence_score: 1, total_reports: 1, last_reported_at } },
  });

  it('is the endpoint alone where the record says no more', () => {
    const endpoint = { address: OUTSIDE, dst_port: 53, protocol: 'udp', direction: 'outbound' } as const;

    const input = scoringInput(connectionRecord({ id: 'C1', bytes: 7, note: 'x' }), endpoint);

    expect(input).toEqual(endpoint);
  });

  it('carries threat intelligence and geo data as the record has them', () => {
    const record = connectionRecord({
      threat_intel: { otx: 1 },
      geo_data: { country_code: 'de', city: 'Berlin' },
    });

    const input = scoringInput(record, remoteEndpoint(record, isLocal));

    expect(input).toMatchObject({
      threat_intel: { otx: 1 },
      geo_data: { country_code: 'DE', city: 'Berlin' },
    });
    expect(input.report_age_days).toBeUndefined();
  });

  it.each<[string, number, number, number | undefined]>([
    ['the same moment', 100 * DAY, 100 * DAY, 0],
    ['not quite a day', 101 * DAY - 1, 100 * DAY, 0],
    ['one day', 101 * DAY, 100 * DAY, 1],
    ['ninety days and a half', 190.5 * DAY, 100 * DAY, 90],
    ['a report some hours younger', 100 * DAY, 100.5 * DAY, 0],
    ['a report just a day younger', 100 * DAY, 101 * DAY, 0],
    ['a report younger than that', 100 * DAY, 101 * DAY + 1, undefined],
    ['a recording whose times count from zero', 12, 19_000 * DAY, undefined],
  ])('gives the age of the last report in whole days: %s', (_, timestamp, report, expected) => {
    const record = connectionRecord({ timestamp, ...reportedAt(report) });

    const { report_age_days } = scoringInput(record, remoteEndpoint(record, isLocal));

    expect(report_age_days).toBe(expected);
  });
});
