import type { Alert } from '../alert.ts';
import { protocolName } from '../protocol.ts';

/** An entry of a sensor's log, with fields by our names or theirs. */
export type Fields = Record<string, unknown>;

/** What an entry of a sensor's log stands for. */
export type Sensed =
  /** The fields of a connection record, not checked yet. */
  | { readonly kind: 'connection'; readonly fields: Fields }
  /** Something that is no connection, by the sensor's own word for it: `alert`, `dns`, `NODATA`. */
  | { readonly kind: 'other'; readonly what: string; readonly alert?: Alert };

/** Fields that a record takes from fixed places in the entry: an entry's own of the same name is something else. */
const TAKEN: ReadonlySet<string> = new Set([
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
  'detections',
]);

/** Keeps a field that the service does not know; null means absent. */
export function keep(fields: Fields, key: string, value: unknown): void {
  if (value === null || value === undefined || TAKEN.has(key)) return;
  // Assigning to `__proto__` would hide a field of that name, which makes a record invalid.
  if (key === '__proto__') Object.defineProperty(fields, key, { value, enumerable: true });
  else fields[key] = value;
}

/** Sets a field that may be absent; null means absent. */
export function set(fields: Fields, key: string, value: unknown): void {
  if (value !== null && value !== undefined) fields[key] = value;
}

/**
 * Adds the bytes of both directions; where a sensor counted only one, the other counts nothing.
 *
 * @returns undefined if neither is known; what is not a number as it is, for the record's check to find
 */
export function sumOfBytes(there: unknown, back: unknown): unknown {
  if (there === null || there === undefined) return back;
  if (back === null || back === undefined) return there;
  if (typeof there !== 'number') return there;
  return typeof back === 'number' ? there + back : back;
}

/** Rounds seconds to milliseconds: finer ones say nothing more, and would be stored. What is no number stays as it is. */
export function toMilliseconds(seconds: unknown): unknown {
  return typeof seconds === 'number' ? Math.round(seconds * 1_000) / 1_000 : seconds;
}

/** Protocols with ports. Of all others, what a sensor writes in a port's place is something else or nothing. */
const WITH_PORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite']);

/** What a connection of a protocol without ports has for the required `dst_port`. */
const NO_PORT = 0;

/**
 * Sets protocol and ports. Without ports, `dst_port` is 0 and there is no `src_port`, so that pings of all types
 * are one endpoint and no type passes for a port; ICMPv6 is `icmp` too, as Zeek has it.
 */
export function setTransport(
  fields: Fields,
  protocol: unknown,
  sourcePort: unknown,
  destinationPort: unknown,
): void {
  const name = protocolName(protocol);
  set(fields, 'protocol', name);
  if (typeof name !== 'string' || WITH_PORTS.has(name)) {
    set(fields, 'src_port', sourcePort);
    set(fields, 'dst_port', destinationPort);
  } else {
    fields.dst_port = NO_PORT;
  }
}
