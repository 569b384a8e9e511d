import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../lib/records/connection-record.ts';
import { isPlain } from '../../../lib/records/plain-record.ts';
import { sensorRecords } from '../../factories/arbitraries.ts';
import { canonicalText, sensorRecord } from '../../factories/records.ts';

/** A nested unknown field, which only the schema reads. */
const NESTED = { zz: {} };

/** The schema's result for a value. */
function bySchema(value: object): unknown {
  const parsed = parseRecord({ ...value, ...NESTED });
  if (!parsed.ok) return parsed;
  const { zz: _, ...record } = parsed.record;
  return { ok: true, record, canonical: parsed.canonical.replace(/,?"zz":\{\}/, '').replace('{,', '{') };
}

/** Mistaken values for a field, and values at its limits. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(0, -0, -1, 65_535, 65_536, 1.5, 1e-7, 2 ** 53 - 1, 2 ** 53, 253_402_300_799, 1e12),
  fc.constantFrom<unknown>(
    '',
    'TCP',
    'a'.repeat(33),
    'x'.repeat(257),
    '1.2.3.4',
    '::FFFF:1.2.3.4',
    '2001:DB8::',
  ),
  fc.constantFrom<unknown>(true, null, '\ud800', 'fe80::1%eth0', '010.1.1.1', '.a', '6'),
);
const oddField = fc.tuple(
  fc.constantFrom(...['timestamp', 'src_ip', 'dst_ip', 'dst_port', 'src_port', 'protocol', 'id', 'bytes']),
  oddValue,
);
const oddRecord = fc
  .tuple(sensorRecords, fc.array(oddField, { maxLength: 2 }))
  .map(([record, odd]) => ({ ...record, ...Object.fromEntries(odd) }))
  // The nested field has a size of its own, which would matter near the limit.
  .filter((record) => Buffer.byteLength(JSON.stringify(record)) < 3_900);

const INTEL = {
  virustotal: { malicious_vendors: 3, suspicious_vendors: 1, total_vendors: 94, note: 'x' },
  abuseipdb: {
    confidence_score: 40.5,
    total_reports: 12,
    num_distinct_users: 5,
    last_reported_at: 1_789_000_000,
    is_whitelisted: false,
    usage_type: 'Fixed Line ISP',
    is_tor: true,
  },
  blocklist: { lists: 1, total_lists: 25 },
};

/** Intelligence with one field missing, mistaken or at a limit. */
const oddIntel = fc
  .constantFrom(
    ...Object.entries(INTEL).flatMap(([source, answer]) => Object.keys(answer).map((key) => [source, key])),
  )
  .chain(([source = '', key = '']) =>
    fc.oneof(oddValue, fc.constantFrom<unknown>(undefined, 1, 26, 95, 100, 100.1, {}, [])).map((value) => {
      const intel = structuredClone(INTEL) as unknown as Record<string, Record<string, unknown>>;
      Object.assign(intel[source] ?? {}, { [key]: value });
      return JSON.parse(JSON.stringify(intel)) as object;
    }),
  );

describe('the shortcut past the schema', () => {
  it('is taken by what sensors send', () => {
    const plain = sensorRecord({ id: 'C1', src_port: 1, bytes: 5, local_orig: true, note: 'x', weight: 0.5 });

    expect(isPlain(plain)).toBe(true);
    expect(bySchema(plain)).toEqual(parseRecord(plain));
  });

  it('comes out where the schema does, for whatever is and is not valid', () => {
    fc.assert(
      fc.property(oddRecord, (value) => {
        expect(parseRecord(value)).toEqual(bySchema(value));
      }),
      { numRuns: 500 },
    );
  });

  it('is taken by intelligence that records bring along', () => {
    const geo_data = { country_code: 'DE', city: 'Bonn' };
    const plain = sensorRecord({ threat_intel: INTEL, geo_data });

    expect(isPlain(plain)).toBe(true);
    expect(bySchema(plain)).toEqual(parseRecord(plain));
  });

  it.each([
    { threat_intel: null },
    { threat_intel: [] },
    { threat_intel: 'none' },
    { threat_intel: { virustotal: null } },
    { threat_intel: { virustotal: {} } },
    { threat_intel: { other: { nested: 1 } } },
    { geo_data: { country_code: 'de' } },
    { geo_data: { country_code: '' } },
    { geo_data: { country_code: 'DEU' } },
    { geo_data: 'DE' },
    { geo_data: JSON.parse('{"__proto__":1}') as object },
    {
      threat_intel: {
        abuseipdb: JSON.parse('{"confidence_score":1,"total_reports":1,"__proto__":1}') as object,
      },
    },
  ])('leaves %j to the schema', (fields) => {
    expect(isPlain(sensorRecord(fields))).toBe(false);
  });

  it('comes out where the schema does, for whatever intelligence is and is not valid', () => {
    fc.assert(
      fc.property(oddIntel, (threat_intel) => {
        const value = sensorRecord({ threat_intel });

        expect(parseRecord(value)).toEqual(bySchema(value));
      }),
      { numRuns: 500 },
    );
  });

  it('sorts fields whatever order they come in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['b', 'a', '10', '9', 'A', 'z_z', 'ä', ' ']), (keys) => {
        const extra = Object.fromEntries(keys.map((key) => [key, 1]));
        const record = sensorRecord(extra);
        const reversed = Object.fromEntries(Object.entries(record).reverse());

        expect(canonicalText(reversed)).toBe(canonicalText(record));

        const intel = { ...INTEL.virustotal, ...extra };
        const reversedIntel = Object.fromEntries(Object.entries(intel).reverse());
        expect(canonicalText({ ...record, threat_intel: { virustotal: reversedIntel } })).toBe(
          canonicalText({ ...record, threat_intel: { virustotal: intel } }),
        );
      }),
    );
  });
});
