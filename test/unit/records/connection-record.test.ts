import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RECORD_BYTES, parseRecord } from '../../../lib/records/connection-record.ts';
import { sensorRecords } from '../../factories/arbitraries.ts';
import { canonicalText, connectionRecord, rejectionReason, sensorRecord } from '../../factories/records.ts';

describe('parseRecord: what it accepts', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a time in ISO 8601', { timestamp: '1970-01-01T00:00:01Z' }, { timestamp: 1 }],
    ['an address in another spelling', { src_ip: '2001:DB8:0::1' }, { src_ip: '2001:db8::1' }],
    ['an IPv4-mapped address', { dst_ip: '::ffff:8.8.8.8' }, { dst_ip: '8.8.8.8' }],
    ['a protocol in upper case', { protocol: 'TCP' }, { protocol: 'tcp' }],
    ['a number as a sensor uid', { id: 42 }, { id: '42' }],
    ['ports 0 and 65535', { src_port: 0, dst_port: 65_535 }, { src_port: 0, dst_port: 65_535 }],
    ['a country in lower case', { geo_data: { country_code: 'de' } }, { geo_data: { country_code: 'DE' } }],
    [
      'the time of the last report in ISO 8601',
      {
        threat_intel: {
          abuseipdb: { confidence_score: 1, total_reports: 2, last_reported_at: '1970-01-02T00:00:00Z' },
        },
      },
      { threat_intel: { abuseipdb: { confidence_score: 1, total_reports: 2, last_reported_at: 86_400 } } },
    ],
    ['unknown fields', { uid: 'C1', nested: { a: [null, 1] } }, { uid: 'C1', nested: { a: [null, 1] } }],
    [
      'unknown fields inside known ones',
      {
        geo_data: { city: 'Praha' },
        threat_intel: { otx: { pulses: 3 }, blocklist: { lists: 1, total_lists: 2, x: 1 } },
      },
      {
        geo_data: { city: 'Praha' },
        threat_intel: { otx: { pulses: 3 }, blocklist: { lists: 1, total_lists: 2, x: 1 } },
      },
    ],
    ['unknown nulls', { uid: null }, { uid: null }],
  ])('reads %s', (_, given, expected) => {
    const record = connectionRecord(given);

    expect(record).toMatchObject(expected);
  });

  it.each([
    { id: null },
    { src_port: null },
    { bytes: null },
    { local_orig: null },
    { local_resp: null },
    { threat_intel: null },
    { geo_data: null },
  ])('takes %j for absent', (given) => {
    expect(canonicalText(sensorRecord(given))).toBe(canonicalText(sensorRecord()));
  });

  it.each([
    [{ threat_intel: { virustotal: null } }, { threat_intel: {} }],
    [{ geo_data: { country_code: null } }, { geo_data: {} }],
    [{ geo_data: { country_code: '' } }, { geo_data: {} }],
  ])('takes null inside %j for absent', (given, expected) => {
    expect(canonicalText(sensorRecord(given))).toBe(canonicalText(sensorRecord(expected)));
  });
});

describe('parseRecord: what it refuses', () => {
  it.each<[string, Record<string, unknown>]>([
    ['timestamp: expected epoch seconds or an ISO 8601 time, got "now"', { timestamp: 'now' }],
    ['timestamp: expected epoch seconds or an ISO 8601 time, got null', { timestamp: null }],
    ['timestamp: missing', { timestamp: undefined }],
    ['src_ip: expected an IPv4 or IPv6 address, got "10.1"', { src_ip: '10.1' }],
    ['src_ip: expected a string, got 7', { src_ip: 7 }],
    ['dst_ip: missing', { dst_ip: undefined }],
    ['dst_ip: expected a string, got null', { dst_ip: null }],
    ['dst_port: missing', { dst_port: undefined }],
    ['dst_port: expected at most 65535, got 70000', { dst_port: 70_000 }],
    ['dst_port: expected at least 0, got -1', { dst_port: -1 }],
    ['dst_port: expected a whole number, got 53.5', { dst_port: 53.5 }],
    ['dst_port: expected a number, got "53"', { dst_port: '53' }],
    ['src_port: expected at most 65535, got 65536', { src_port: 65_536 }],
    [
      'protocol: expected a protocol name such as tcp, udp or icmp, or its number, got 256',
      { protocol: 256 },
    ],
    [
      'protocol: expected a protocol name such as tcp, udp or icmp, or its number, got "999"',
      { protocol: '999' },
    ],
    ['protocol: expected a protocol name such as tcp, udp or icmp, or its number, got ""', { protocol: '' }],
    [
      'protocol: expected a protocol name such as tcp, udp or icmp, or its number, got "t\\ncp"',
      { protocol: 't\ncp' },
    ],
    ['id: expected a string or a whole number, got 1.5', { id: 1.5 }],
    ['id: expected a string or a whole number, got an array', { id: [] }],
    ['bytes: expected at least 0, got -5', { bytes: -5 }],
    ['bytes: expected a number, got "5"', { bytes: '5' }],
    ['local_orig: expected a boolean, got "T"', { local_orig: 'T' }],
    ['local_resp: expected a boolean, got 1', { local_resp: 1 }],
    ['threat_intel: expected an object, got an array', { threat_intel: [] }],
    ['geo_data: expected an object, got "DE"', { geo_data: 'DE' }],
    [
      'geo_data.country_code: expected two letters (ISO 3166-1 alpha-2), got "DEU"',
      { geo_data: { country_code: 'DEU' } },
    ],
    [
      'threat_intel.virustotal.malicious_vendors: missing',
      { threat_intel: { virustotal: { total_vendors: 3 } } },
    ],
    [
      'threat_intel.virustotal.total_vendors: malicious_vendors and suspicious_vendors together exceed total_vendors, got 3',
      { threat_intel: { virustotal: { malicious_vendors: 2, suspicious_vendors: 2, total_vendors: 3 } } },
    ],
    [
      'threat_intel.abuseipdb.confidence_score: expected at most 100, got 101',
      { threat_intel: { abuseipdb: { confidence_score: 101, total_reports: 0 } } },
    ],
    [
      'threat_intel.abuseipdb.total_reports: expected a whole number, got 0.5',
      { threat_intel: { abuseipdb: { confidence_score: 1, total_reports: 0.5 } } },
    ],
    [
      'threat_intel.abuseipdb.last_reported_at: expected epoch seconds or an ISO 8601 time, got "soon"',
      { threat_intel: { abuseipdb: { confidence_score: 1, total_reports: 1, last_reported_at: 'soon' } } },
    ],
    [
      'threat_intel.abuseipdb.is_whitelisted: expected a boolean, got "no"',
      { threat_intel: { abuseipdb: { confidence_score: 1, total_reports: 1, is_whitelisted: 'no' } } },
    ],
    [
      'threat_intel.blocklist.lists: lists exceeds total_lists, got 3',
      { threat_intel: { blocklist: { lists: 3, total_lists: 2 } } },
    ],
    [
      'threat_intel.listings: expected an array, got "Spamhaus DROP"',
      { threat_intel: { listings: 'Spamhaus DROP' } },
    ],
    [
      'threat_intel.listings.0.source: expected up to 40 letters, digits, spaces, dots, dashes and underscores, got "a;b"',
      { threat_intel: { listings: [{ source: 'a;b', kind: 'malicious', weight: 9 }] } },
    ],
    [
      'threat_intel.listings.0.kind: expected malicious or suspicious or known-good or infrastructure, got "bad"',
      { threat_intel: { listings: [{ source: 'a', kind: 'bad', weight: 9 }] } },
    ],
    [
      'threat_intel.listings.0.weight: expected at most 1000, got 1001',
      { threat_intel: { listings: [{ source: 'a', kind: 'malicious', weight: 1_001 }] } },
    ],
  ])('says %s', (expected, given) => {
    expect(rejectionReason(sensorRecord(given))).toBe(expected);
  });

  it.each<[unknown, string]>([
    [null, 'record: expected an object, got null'],
    [7, 'record: expected an object, got 7'],
    ['text', 'record: expected an object, got "text"'],
    [[], 'record: expected an object, got an array'],
    [{}, "record: none of a connection's fields, but none at all"],
    [{ a: 1, b: 2 }, "record: none of a connection's fields, but a, b"],
    [{ a: 1, b: 2, c: 3, d: 4 }, "record: none of a connection's fields, but a, b, c, ..."],
    [{ protocol: 'tcp' }, 'timestamp: missing; src_ip: missing; dst_ip: missing; and 1 more'],
  ])('says what %j lacks', (value, expected) => {
    expect(rejectionReason(value)).toBe(expected);
  });

  it('names a field once, however much is wrong with it', () => {
    const reason = rejectionReason(sensorRecord({ dst_port: 1e300 }));

    expect(reason.match(/dst_port/g)).toHaveLength(1);
  });

  it('keeps what came on one line, cut to a length that fits a log', () => {
    const reason = rejectionReason(sensorRecord({ src_ip: `a\r\n\u2028b${'x'.repeat(10_000)}` }));

    expect(reason).not.toMatch(/[\r\n]/);
    expect(reason.length).toBeLessThan(200);
  });
});

/** A record with fields as `JSON.parse` creates them, `__proto__` included. */
function withFields(json: string): unknown {
  return JSON.parse(JSON.stringify(sensorRecord()).replace('{', `${json.slice(0, -1)},`));
}

describe('parseRecord: size, nesting and hostile keys', () => {
  const overhead = canonicalText(sensorRecord({ note: '' })).length;

  it.each(['x', 'ü', '\ud83d\ude00'])('counts the canonical text in UTF-8 bytes, of %s', (character) => {
    const size = Buffer.byteLength(character);
    const fitting = character.repeat(Math.floor((MAX_RECORD_BYTES - overhead) / size));

    const atMost = parseRecord(sensorRecord({ note: fitting }));
    const beyond = parseRecord(sensorRecord({ note: fitting + character }));

    expect([atMost.ok, beyond.ok]).toEqual([true, false]);
  });

  it('says how large a record of 300 KB is', () => {
    const reason = rejectionReason(sensorRecord({ note: 'x'.repeat(300_000) }));

    expect(reason).toBe(`record: ${300_000 + overhead} bytes, the limit is 4096`);
  });

  it.each([
    ['at the top', (deep: unknown) => ({ deep })],
    ['inside threat intelligence', (deep: unknown) => ({ threat_intel: { deep } })],
  ])('refuses deep nesting %s', (_, place) => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as unknown;

    const reason = rejectionReason(sensorRecord(place(deep)));

    expect(reason).toBe('record: nested deeper than 16 levels');
  });

  it.each([
    '{"__proto__":{"polluted":true}}',
    '{"threat_intel":{"__proto__":{"polluted":true}}}',
    '{"threat_intel":{"blocklist":{"lists":0,"total_lists":0,"__proto__":{"polluted":true}}}}',
    '{"threat_intel":{"listings":[{"source":"a","kind":"malicious","weight":9,"__proto__":{"polluted":true}}]}}',
    '{"geo_data":{"__proto__":{"polluted":true}}}',
  ])('refuses %s, of which a part would be lost', (json) => {
    expect(rejectionReason(withFields(json))).toBe('record: a field must not be named __proto__');
  });

  it.each([
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"a":{"b":{"c":{"__proto__":{"polluted":true}}}}}',
  ])('keeps %s as it came and lets it reach no prototype', (json) => {
    const parsed = parseRecord(withFields(json));

    const record = parsed.ok ? parsed.record : {};
    expect(JSON.stringify(record)).toContain(json.slice(1, -1));
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('keeps records apart that differ in a field named __proto__', () => {
    const plain = JSON.stringify(sensorRecord());
    const odd = plain.replace('{', '{"__proto__":"x",');

    const texts = [plain, odd].map((json) => parseRecord(JSON.parse(json)));

    expect(texts[1]).not.toEqual(texts[0]);
  });
});

describe('parseRecord: canonical text', () => {
  it('parses to itself', () => {
    fc.assert(
      fc.property(sensorRecords, (value) => {
        const parsed = parseRecord(value);
        fc.pre(parsed.ok);

        expect(canonicalText(JSON.parse(parsed.ok ? parsed.canonical : ''))).toBe(
          parsed.ok && parsed.canonical,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('is that of the record it came with', () => {
    fc.assert(
      fc.property(sensorRecords, (value) => {
        const parsed = parseRecord(value);
        fc.pre(parsed.ok);

        expect(canonicalText(JSON.parse(JSON.stringify(parsed.ok ? parsed.record : null)))).toBe(
          parsed.ok && parsed.canonical,
        );
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(sensorRecords, (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());

        expect(parseRecord(reversed)).toEqual(parseRecord(value));
      }),
    );
  });

  it.each([
    ['numbers', '{"dst_port":53}', '{"dst_port":5.3e1}'],
    ['whole numbers', '{"bytes":100}', '{"bytes":100.0}'],
    ['times', '{"timestamp":1664462456}', '{"timestamp":"2022-09-29T16:40:56+0200"}'],
    ['fractions of a second', '{"timestamp":1.5}', '{"timestamp":"1970-01-01T00:00:01.500000Z"}'],
    ['addresses', '{"dst_ip":"8.8.8.8"}', '{"dst_ip":"::ffff:808:808"}'],
    ['protocols', '{"protocol":"icmp"}', '{"protocol":"ICMP"}'],
    ['escapes', '{"note":"\\u00e9/"}', '{"note":"é\\/"}'],
    ['uids', '{"id":7}', '{"id":"7"}'],
  ])('does not depend on the spelling of %s', (_, one, other) => {
    const [first, second] = [one, other].map((json) =>
      canonicalText(sensorRecord(JSON.parse(json) as Record<string, unknown>)),
    );

    expect(second).toBe(first);
  });

  it.each([
    { timestamp: 1_664_462_456.7553 },
    { src_ip: '172.16.1.12' },
    { dst_ip: '8.8.4.4' },
    { dst_port: 54 },
    { protocol: 'tcp' },
    { id: 'C1' },
    { src_port: 1 },
    { bytes: 0 },
    { local_orig: false },
    { local_resp: false },
    { threat_intel: {} },
    { geo_data: {} },
    { uid: null },
    { uid: '' },
  ])('differs where %j does', (difference) => {
    expect(canonicalText(sensorRecord(difference))).not.toBe(canonicalText(sensorRecord()));
  });

  it('differs for different records', () => {
    fc.assert(
      fc.property(sensorRecords, sensorRecords, (one, other) => {
        const [first, second] = [parseRecord(one), parseRecord(other)];
        fc.pre(first.ok && second.ok);

        const areEqual = first.ok && second.ok && first.canonical === second.canonical;
        if (areEqual) expect(first.ok && first.record).toEqual(second.ok && second.record);
      }),
    );
  });
});
