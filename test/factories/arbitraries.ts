import * as fc from 'fast-check';
import { LIST_KINDS } from '../../lib/consensus/listing.ts';
import { CONNECTION_STATES } from '../../lib/records/connection-state.ts';

const ipv4 = fc.oneof(
  fc.ipV4(),
  fc.constantFrom('10.0.0.1', '192.168.1.7', '147.32.84.165', '8.8.8.8', '224.0.0.251'),
);
const ipv6 = fc.oneof(fc.ipV6(), fc.constantFrom('2606:4700::1111', 'FE80::1', '::ffff:8.8.4.4', 'ff02::fb'));
const address = fc.oneof({ weight: 4, arbitrary: ipv4 }, { weight: 1, arbitrary: ipv6 });

const epochSeconds = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000_000 }),
  fc.double({ min: 0, max: 4_000_000_000, noNaN: true }),
);
const isoTime = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Everything that `JSON.parse` can return and a sensor can have meant, lone surrogates and odd keys included. */
const jsonValue = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });
const unknownKey = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      'constructor',
      'toString',
      'hasOwnProperty',
      '0',
      'direction',
      'kind',
      'connections',
      'other',
    ),
  )
  .filter((key) => !KNOWN_FIELDS.has(key) && key !== '__proto__');

const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'timestamp',
  'src_ip',
  'dst_ip',
  'dst_port',
  'protocol',
  'id',
  'src_port',
  'bytes',
  'duration',
  'bytes_out',
  'bytes_in',
  'state',
  'local_orig',
  'local_resp',
  'threat_intel',
  'geo_data',
  'virustotal',
  'abuseipdb',
  'blocklist',
  'listings',
  'source',
  'family',
  'weight',
  'unlisted_days',
  'country_code',
  'malicious_vendors',
  'suspicious_vendors',
  'total_vendors',
  'confidence_score',
  'total_reports',
  'num_distinct_users',
  'last_reported_at',
  'is_whitelisted',
  'usage_type',
  'is_tor',
  'lists',
  'total_lists',
]);

const unknownFields = fc.dictionary(unknownKey, jsonValue, { maxKeys: 3, noNullPrototype: true });

function withUnknownFields<Known extends object>(known: fc.Arbitrary<Known>): fc.Arbitrary<object> {
  return fc.tuple(known, unknownFields).map(([fields, unknown]) => ({ ...unknown, ...fields }));
}

const count = fc.nat({ max: 500 });
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null });

const virustotal = fc.tuple(count, maybe(count), count).map(([malicious, suspicious, rest]) => ({
  malicious_vendors: malicious,
  suspicious_vendors: suspicious,
  total_vendors: malicious + (suspicious ?? 0) + rest,
}));

const abuseipdb = fc.record(
  {
    confidence_score: fc.double({ min: 0, max: 100, noNaN: true }),
    total_reports: count,
    num_distinct_users: maybe(count),
    last_reported_at: maybe(fc.oneof(epochSeconds, isoTime)),
    is_whitelisted: maybe(fc.boolean()),
    usage_type: maybe(fc.string({ unit: 'binary', maxLength: 20 })),
    is_tor: maybe(fc.boolean()),
  },
  { requiredKeys: ['confidence_score', 'total_reports'] },
);

const blocklist = fc.tuple(count, count).map(([lists, rest]) => ({ lists, total_lists: lists + rest }));

const listing = fc.record(
  {
    source: fc.constantFrom('DShield', 'Spamhaus DROP'),
    kind: fc.constantFrom(...LIST_KINDS),
    family: maybe(fc.constantFrom('sensors', 'x')),
    weight: fc.double({ min: 0, minExcluded: true, max: 1_000, noNaN: true }),
    unlisted_days: maybe(count),
  },
  { requiredKeys: ['source', 'kind', 'weight'] },
);

const threatIntel = withUnknownFields(
  fc.record(
    {
      virustotal: maybe(withUnknownFields(virustotal)),
      abuseipdb: maybe(withUnknownFields(abuseipdb)),
      listings: maybe(fc.array(withUnknownFields(listing), { maxLength: 3 })),
      blocklist: maybe(withUnknownFields(blocklist)),
    },
    { requiredKeys: [] },
  ),
);

const geoData = withUnknownFields(
  fc.record({ country_code: maybe(fc.constantFrom('DE', 'us', 'T1', '')) }, { requiredKeys: [] }),
);

const known = fc.record(
  {
    timestamp: fc.oneof(epochSeconds, isoTime),
    src_ip: address,
    dst_ip: address,
    dst_port: fc.integer({ min: 0, max: 65_535 }),
    protocol: fc.constantFrom('tcp', 'UDP', 'icmp', 'ipv6-icmp', 'sctp', '0'),
    id: maybe(fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), fc.maxSafeInteger())),
    src_port: maybe(fc.integer({ min: 0, max: 65_535 })),
    bytes: maybe(fc.maxSafeNat()),
    duration: maybe(fc.double({ min: 0, max: 1e6, noNaN: true })),
    bytes_out: maybe(fc.maxSafeNat()),
    bytes_in: maybe(fc.maxSafeNat()),
    state: maybe(fc.constantFrom(...CONNECTION_STATES)),
    local_orig: maybe(fc.boolean()),
    local_resp: maybe(fc.boolean()),
    threat_intel: maybe(threatIntel),
    geo_data: maybe(geoData),
  },
  { requiredKeys: ['timestamp', 'src_ip', 'dst_ip', 'dst_port', 'protocol'] },
);

/** A record of more than 4,096 bytes, as it is written in the end, is invalid. */
const LARGEST_BYTES = 3_900;

/**
 * Valid records as sensors send them, in every spelling that the format allows: nulls, upper case, ISO times,
 * unknown fields at each level.
 */
export const sensorRecords: fc.Arbitrary<Record<string, unknown>> = withUnknownFields(known)
  .map((record) => JSON.parse(JSON.stringify(record)) as Record<string, unknown>)
  .filter((record) => Buffer.byteLength(JSON.stringify(record)) <= LARGEST_BYTES);

/** White space that JSON allows between tokens. */
export const jsonWhiteSpace: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(' ', '\n', '\r', '\t'),
  maxLength: 3,
});

/** Writes a value as JSON with the white space that `gap` gives around each token. */
export function spacedJson(value: unknown, gap: () => string): string {
  if (Array.isArray(value)) {
    return `[${gap()}${value.map((element) => spacedJson(element, gap)).join(`${gap()},${gap()}`)}${gap()}]`;
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}${gap()}:${gap()}${spacedJson(member, gap)}`,
  );
  return `{${gap()}${members.join(`${gap()},${gap()}`)}${gap()}}`;
}

/** Small JSON values for texts that are cut up and put together again. */
export const smallJson: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 2, stringUnit: 'binary' })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
