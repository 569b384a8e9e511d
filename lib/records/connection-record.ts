import * as z from 'zod';
import { LONGEST_SIGNATURE, MOST_DETECTIONS } from '../consensus/detection.ts';
import { LIST_KINDS } from '../consensus/listing.ts';
import type { GeoData, ThreatIntel } from '../consensus/scoring-input.ts';
import { canonicalAddress } from './address.ts';
import type { Alert } from './alert.ts';
import { canonicalValue } from './canonical-json.ts';
import { CONNECTION_STATES, type ConnectionState } from './connection-state.ts';
import { describeAbsence, describeIssues, describeStranger, quote } from './describe-issues.ts';
import { DETECTION_ACTIONS, type FlowDetection, LEAST_GRAVE, LONGEST_CATEGORY } from './flow-detection.ts';
import { isListName, LIST_NAME_RULE } from './list-name.ts';
import { isPlain, MAX_DURATION_SECONDS } from './plain-record.ts';
import { protocolName } from './protocol.ts';
import type { Sensed } from './sensors/sensed.ts';
import { sensorFields } from './sensors/sensor-fields.ts';
import { createSortedCopy } from './sorted-copy.ts';
import { epochSecondsOf, parseTimestamp } from './timestamp.ts';

/** Maximum size of a record's canonical JSON, in UTF-8 bytes. */
export const MAX_RECORD_BYTES = 4096;

/**
 * One observed connection, in canonical form: times as epoch seconds, addresses in canonical spelling, protocol in
 * lower case, absent fields left out (never null). Unknown fields are kept unchanged.
 */
export interface ConnectionRecord {
  /** Event time, epoch seconds. May be years old, or count from zero. */
  readonly timestamp: number;
  readonly src_ip: string;
  readonly dst_ip: string;
  /** 0-65535. */
  readonly dst_port: number;
  readonly protocol: string;
  /** The sensor's own identifier; it may repeat. */
  readonly id?: string;
  readonly src_port?: number;
  /** Both directions together. */
  readonly bytes?: number;
  /** Seconds from the first packet to the last; at most {@link MAX_DURATION_SECONDS}. */
  readonly duration?: number;
  /** Bytes that the originator sent; payload only if the sensor can separate it from headers. */
  readonly bytes_out?: number;
  /** Bytes that the responder sent. */
  readonly bytes_in?: number;
  readonly state?: ConnectionState;
  /** What the sensor reports about which sides are local. */
  readonly local_orig?: boolean;
  readonly local_resp?: boolean;
  readonly threat_intel?: ThreatIntel;
  readonly geo_data?: GeoData;
  /** Intrusion detection rules that fired on the connection. */
  readonly detections?: readonly FlowDetection[];
  readonly [unknownField: string]: unknown;
}

/** A record with the canonical text its identity derives from, or the reason why it is invalid. */
export type ParsedRecord =
  | { readonly ok: true; readonly record: ConnectionRecord; readonly canonical: string }
  | {
      readonly ok: false;
      readonly reason: string;
      /** Set if the entry is not a connection, which is no error: its kind, such as `alert` or `dns`. */
      readonly skipped?: string;
      /** Set if the entry reports something about a connection logged elsewhere. */
      readonly alert?: Alert;
    };

const count = z.int().min(0);
const port = z.int().min(0).max(65_535);

/** Optional as sensors understand it: they write null for unknown values. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

const address = z.string().transform((text, context) => {
  const canonical = canonicalAddress(text);
  if (canonical !== undefined) return canonical;
  context.addIssue({ code: 'custom', message: 'expected an IPv4 or IPv6 address', input: text });
  return z.NEVER;
});

const time = z.unknown().transform((value, context) => {
  try {
    return parseTimestamp(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message, input: value });
    return z.NEVER;
  }
});

const protocol = z.unknown().transform((value, context) => {
  const name = protocolName(value);
  if (typeof name === 'string' && PROTOCOL.test(name)) return name;
  context.addIssue({
    code: 'custom',
    message: 'expected a protocol name such as tcp, udp or icmp, or its number',
    input: value,
  });
  return z.NEVER;
});

/** A protocol name, or the number of a protocol without a name here. */
const PROTOCOL = /^(?:(?!\d+$)[a-z0-9][a-z0-9._-]{0,31}|1?\d{1,2}|2[0-4]\d|25[0-5])$/;

const virustotal = z
  .looseObject({
    malicious_vendors: count,
    suspicious_vendors: optional(count),
    total_vendors: count,
  })
  .refine((votes) => votes.malicious_vendors + (votes.suspicious_vendors ?? 0) <= votes.total_vendors, {
    message: 'malicious_vendors and suspicious_vendors together exceed total_vendors',
    path: ['total_vendors'],
  });

const abuseipdb = z.looseObject({
  confidence_score: z.number().min(0).max(100),
  total_reports: count,
  num_distinct_users: optional(count),
  last_reported_at: optional(time),
  is_whitelisted: optional(z.boolean()),
  usage_type: optional(z.string()),
  is_tor: optional(z.boolean()),
});

const blocklist = z
  .looseObject({ lists: count, total_lists: count })
  .refine((found) => found.lists <= found.total_lists, {
    message: 'lists exceeds total_lists',
    path: ['lists'],
  });

/** Lists that a record may bring along; their weights have the same limit as the service's own. */
const MOST_LISTINGS = 16;
const LARGEST_LIST_WEIGHT = 1_000;

const listName = z.string().refine(isListName, LIST_NAME_RULE);

const listings = z
  .array(
    z.looseObject({
      source: listName,
      kind: z.enum(LIST_KINDS),
      family: optional(listName),
      weight: z.number().gt(0).max(LARGEST_LIST_WEIGHT),
      unlisted_days: optional(count),
    }),
  )
  .max(MOST_LISTINGS);

const detections = z
  .array(
    z.looseObject({
      signature: z.string().min(1).max(LONGEST_SIGNATURE),
      signature_id: optional(count),
      severity: z.int().min(1).max(LEAST_GRAVE),
      category: optional(z.string().max(LONGEST_CATEGORY)),
      action: optional(z.enum(DETECTION_ACTIONS)),
    }),
  )
  .max(MOST_DETECTIONS);

const countryCode = z
  .string()
  .regex(/^(?:[A-Za-z][A-Za-z0-9])?$/, 'expected two letters (ISO 3166-1 alpha-2)')
  .transform((code) => (code === '' ? undefined : code.toUpperCase()));

const connectionRecord = z.looseObject({
  timestamp: time,
  src_ip: address,
  dst_ip: address,
  dst_port: port,
  protocol,
  id: optional(z.union([z.string().max(256), z.int().transform(String)])).transform((id) => id || undefined),
  src_port: optional(port),
  bytes: optional(count),
  duration: optional(z.number().min(0).max(MAX_DURATION_SECONDS)),
  bytes_out: optional(count),
  bytes_in: optional(count),
  state: optional(z.enum(CONNECTION_STATES, { error: `expected one of ${CONNECTION_STATES.join(', ')}` })),
  local_orig: optional(z.boolean()),
  local_resp: optional(z.boolean()),
  threat_intel: optional(
    z.looseObject({
      virustotal: optional(virustotal),
      abuseipdb: optional(abuseipdb),
      listings: optional(listings),
      blocklist: optional(blocklist),
    }),
  ),
  geo_data: optional(z.looseObject({ country_code: optional(countryCode) })),
  detections: optional(detections),
});

/**
 * Checks a value against the record format and brings it into canonical form. Objects in Zeek's or Suricata's JSON form
 * are converted to records.
 *
 * @param value what `JSON.parse` returned
 * @returns the record, or one line naming each wrong field with the expected and the actual value
 */
export function parseRecord(value: unknown): ParsedRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, reason: `record: expected an object, got ${quote(value)}` };
  }
  const absent = absentFields(value);
  if (absent.length === 0) return parseFields(value);
  // Sensor formats are tried only if the value is not a record as it is, so our own records cost nothing extra.
  const sensed = sensorFields(value as Record<string, unknown>);
  if (sensed !== undefined) return parseSensed(sensed);
  const isStranger = absent.length === REQUIRED_FIELDS.length;
  return { ok: false, reason: isStranger ? describeStranger(value) : describeAbsence(absent) };
}

/** Validates the record built from a sensor's entry. */
export function parseSensed(sensed: Sensed): ParsedRecord {
  if (sensed.kind === 'connection') return parseFields(sensed.fields);
  const skipped = kindName(sensed.what);
  return {
    ok: false,
    skipped,
    ...(sensed.alert !== undefined && { alert: sensed.alert }),
    reason: `record: expected a connection, got an entry of kind ${quote(skipped)}`,
  };
}

const MAX_KIND_CHARACTERS = 40;

/** Metric dimensions must not grow with sender-chosen text. */
function kindName(what: string): string {
  return what.slice(0, MAX_KIND_CHARACTERS);
}

/** Reads an object with the record format's field names, or says in one line why it is invalid. */
function parseFields(value: object): ParsedRecord {
  const absent = absentFields(value);
  if (absent.length > 0) return { ok: false, reason: describeAbsence(absent) };
  const plain = withPlainSpellings(value);
  if (isPlain(plain)) return canonicalForm(plain, sortedCopy);
  if (holdsReservedName(value) || listingsOf(value).some((one) => holdsReservedName(one, DEPTH_OF_SCHEMA)))
    return { ok: false, reason: 'record: a field must not be named __proto__' };
  const checked = connectionRecord.safeParse(value);
  if (!checked.success) return { ok: false, reason: describeIssues(checked.error.issues, value) };
  return canonicalForm(checked.data, canonicalValue);
}

/**
 * Converts an ISO 8601 time to epoch seconds and a numeric id to text, as the schema would. Some sensors use these in
 * every record and are plain otherwise, so they can take the fast path.
 */
function withPlainSpellings(value: object): object {
  const { timestamp, id } = value as Record<string, unknown>;
  const seconds = typeof timestamp === 'string' ? epochSecondsOf(timestamp) : undefined;
  const name = Number.isSafeInteger(id) ? String(id) : undefined;
  if (seconds === undefined && name === undefined) return value;
  return {
    ...value,
    ...(seconds !== undefined && { timestamp: seconds }),
    ...(name !== undefined && { id: name }),
  };
}

/** The canonical form of a record with canonical fields, or an error if it is too large. */
export function canonicalRecord(record: ConnectionRecord): ParsedRecord {
  return canonicalForm(record, canonicalValue);
}

const sortedCopy = createSortedCopy();

function canonicalForm(checked: object, inOrder: (value: object) => object): ParsedRecord {
  try {
    const record = inOrder(checked) as unknown as ConnectionRecord;
    const canonical = JSON.stringify(record);
    const bytes = canonical.length * 3 <= MAX_RECORD_BYTES ? 0 : Buffer.byteLength(canonical);
    if (bytes > MAX_RECORD_BYTES) {
      return { ok: false, reason: `record: ${bytes} bytes, the limit is ${MAX_RECORD_BYTES}` };
    }
    return { ok: true, record, canonical };
  } catch (error) {
    return { ok: false, reason: `record: ${(error as Error).message}` };
  }
}

const REQUIRED_FIELDS = ['timestamp', 'src_ip', 'dst_ip', 'dst_port', 'protocol'] as const;

/** Checked first: it is the most common error, and takes a hundredth of the schema's time. */
function absentFields(value: object): string[] {
  return REQUIRED_FIELDS.filter((field) => (value as Record<string, unknown>)[field] === undefined);
}

/** zod drops such a field, and the rest would pass as a different record. */
function holdsReservedName(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > DEPTH_OF_SCHEMA) return false;
  return (
    Object.hasOwn(value, '__proto__') ||
    Object.values(value).some((member) => holdsReservedName(member, depth + 1))
  );
}

/** record > threat_intel > source */
const DEPTH_OF_SCHEMA = 2;

/** Listings are nested one level deeper than the other sources' data. */
function listingsOf(record: object): readonly unknown[] {
  const listings = (record as { threat_intel?: { listings?: unknown } }).threat_intel?.listings;
  return Array.isArray(listings) ? listings : [];
}
