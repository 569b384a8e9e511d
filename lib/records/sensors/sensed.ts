import type { Alert } from '../alert.ts';
import { protocolName } from '../protocol.ts';

/** An entry of a sensor's log, with our field names or the sensor's. */
export type Fields = Record<string, unknown>;

/** The result of interpreting a sensor's entry. */
export type Sensed =
  /** The fields of a connection record, not yet validated. */
  | { readonly kind: 'connection'; readonly fields: Fields }
  /** Not a connection; `what` is the sensor's own word: `alert`, `dns`, `NODATA`. */
  | { readonly kind: 'other'; readonly what: string; readonly alert?: Alert };

/**
 * Record fields that are filled from fixed places in the entry; an entry's own field of that name means something else.
 */
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

/** Keeps an unknown field; null means absent. */
export function keep(fields: Fields, key: string, value: unknown): void {
  if (value === null || value === undefined || TAKEN.has(key)) return;
  // Plain assignment to `__proto__` would hide a field of that name, which makes a record invalid.
  if (key === '__proto__') Object.defineProperty(fields, key, { value, enumerable: true });
  else fields[key] = value;
}

/** Sets an optional field; null means absent. */
export function set(fields: Fields, key: string, value: unknown): void {
  if (value !== null && value !== undefined) fields[key] = value;
}

/**
 * Adds the bytes of both directions; if a sensor counted only one, the other counts as 0.
 *
 * @returns undefined if neither is known; a value that is not a number unchanged, for validation to reject
 */
export function sumOfBytes(there: unknown, back: unknown): unknown {
  if (there === null || there === undefined) return back;
  if (back === null || back === undefined) return there;
  if (typeof there !== 'number') return there;
  return typeof back === 'number' ? there + back : back;
}

/**
 * Rounds seconds to milliseconds: more digits would only take space in storage. Other values are returned unchanged.
 */
export function toMilliseconds(seconds: unknown): unknown {
  return typeof seconds === 'number' ? Math.round(seconds * 1_000) / 1_000 : seconds;
}

/** Protocols with ports. For all others, sensors put something else or nothing in the port fields. */
const WITH_PORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite']);

/** Value of the required `dst_port` for protocols without ports. */
const NO_PORT = 0;

/**
 * Sets protocol and ports. Without ports, `dst_port` is 0 and `src_port` is absent, so pings of all types share one
 * endpoint and no ICMP type is mistaken for a port. ICMPv6 is `icmp` too, as in Zeek.
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
