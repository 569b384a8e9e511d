import { type ConnectionRecord, parseRecord } from '../../lib/records/connection-record.ts';

/** A record as a sensor sends it: an outbound DNS query to a public resolver. */
export function sensorRecord(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    timestamp: 1_664_462_456.755299,
    src_ip: '172.16.1.11',
    dst_ip: '8.8.8.8',
    dst_port: 53,
    protocol: 'udp',
    ...overrides,
  };
}

/** Reads {@link sensorRecord} as the service does. */
export function connectionRecord(overrides: Readonly<Record<string, unknown>> = {}): ConnectionRecord {
  const parsed = parseRecord(sensorRecord(overrides));
  if (!parsed.ok) throw new TypeError(`the factory was asked for an invalid record: ${parsed.reason}`);
  return parsed.record;
}

/** The canonical text of a record, or a failure that says why it is none. */
export function canonicalText(value: unknown): string {
  const parsed = parseRecord(value);
  if (!parsed.ok) throw new TypeError(`not a record: ${parsed.reason}`);
  return parsed.canonical;
}

/** The reason for which a value is not a record. */
export function rejectionReason(value: unknown): string {
  const parsed = parseRecord(value);
  if (parsed.ok) throw new TypeError(`unexpectedly a record: ${parsed.canonical}`);
  return parsed.reason;
}

/** Records as newline-delimited JSON. */
export function jsonLines(records: readonly unknown[]): string {
  return records.map((record) => JSON.stringify(record)).join('\n');
}
