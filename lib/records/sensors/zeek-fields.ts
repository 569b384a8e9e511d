import type { ConnectionState } from '../connection-state.ts';
import { type Fields, keep, type Sensed, set, setTransport, sumOfBytes, toMilliseconds } from './sensed.ts';
import { isZeekEntryWithoutSides, otherZeekLog } from './zeek-logs.ts';

/**
 * Columns of `conn.log` that are dropped: counters, and debugging notes on the sensor or its network. Each would be
 * stored with every connection.
 */
export const UNUSED_COLUMNS: ReadonlySet<string> = new Set([
  '_path',
  '_write_ts',
  'ip_proto',
  'missed_bytes',
  'history',
  'orig_pkts',
  'orig_ip_bytes',
  'resp_pkts',
  'resp_ip_bytes',
  'tunnel_parents',
]);

/** The log that holds connections. Zeek names it in `_path` or `#path`; rotated or filtered ones are `conn_...`. */
const CONNECTION_LOG = /^conn(?:$|[^a-z])/;

export function isConnectionLog(path: unknown): boolean {
  return typeof path !== 'string' || CONNECTION_LOG.test(path);
}

/** Whether an object is an entry of a Zeek log: most have these fields for the two sides. */
export function isZeekEntry(entry: Fields): boolean {
  return (
    'id.orig_h' in entry || 'id_orig_h' in entry || isNestedId(entry.id) || isZeekEntryWithoutSides(entry)
  );
}

function isNestedId(id: unknown): id is Fields {
  return typeof id === 'object' && id !== null && 'orig_h' in id;
}

/**
 * Reads a Zeek `conn.log` entry. Some writers spell `id.orig_h` as `id_orig_h`, and some log shippers nest it as
 * `orig_h` in `id`. For ICMP, Zeek writes type and code in the port fields. Entries of other logs are recognised by
 * `_path` or, without it, by their fields.
 */
export function zeekFields(entry: Fields): Sensed {
  const { _path: path } = entry;
  if (!isConnectionLog(path)) return { kind: 'other', what: String(path) };
  if (path === undefined && entry.conn_state === undefined) {
    const what = otherZeekLog(entry);
    if (what !== undefined) return { kind: 'other', what };
  }
  const fields: Fields = {};
  const id = isNestedId(entry.id) ? entry.id : undefined;
  let sourcePort: unknown = id?.orig_p;
  let destinationPort: unknown = id?.resp_p;
  set(fields, 'src_ip', id?.orig_h);
  set(fields, 'dst_ip', id?.resp_h);
  for (const key of Object.keys(entry)) {
    const value = entry[key];
    switch (key) {
      case 'ts':
        set(fields, 'timestamp', value);
        break;
      case 'uid':
        set(fields, 'id', value);
        break;
      case 'id.orig_h':
      case 'id_orig_h':
        set(fields, 'src_ip', value);
        break;
      case 'id.orig_p':
      case 'id_orig_p':
        sourcePort = value;
        break;
      case 'id.resp_h':
      case 'id_resp_h':
        set(fields, 'dst_ip', value);
        break;
      case 'id.resp_p':
      case 'id_resp_p':
        destinationPort = value;
        break;
      case 'proto':
      case 'duration':
      case 'conn_state':
      case 'orig_bytes':
      case 'resp_bytes':
        break;
      default:
        if (!UNUSED_COLUMNS.has(key)) keep(fields, key, value);
    }
  }
  set(fields, 'bytes', sumOfBytes(entry.orig_bytes, entry.resp_bytes));
  set(fields, 'bytes_out', entry.orig_bytes);
  set(fields, 'bytes_in', entry.resp_bytes);
  set(fields, 'duration', toMilliseconds(entry.duration));
  set(fields, 'state', zeekState(entry.conn_state));
  // Zeek writes this for a protocol that it knows only by number.
  const proto = entry.proto === 'unknown_transport' ? (entry.ip_proto ?? entry.proto) : entry.proto;
  setTransport(fields, proto, sourcePort, destinationPort);
  if (fields.protocol === 'icmp') {
    set(fields, 'icmp_type', sourcePort);
    set(fields, 'icmp_code', destinationPort);
  }
  return { kind: 'connection', fields };
}

/** Zeek documentation, base/protocols/conn/main.zeek: `conn_state`. */
const STATES: Readonly<Record<string, ConnectionState>> = {
  S0: 'unanswered',
  SH: 'unanswered',
  RSTOS0: 'unanswered',
  S1: 'answered',
  S2: 'answered',
  S3: 'answered',
  SF: 'answered',
  REJ: 'refused',
  RSTO: 'reset',
  RSTR: 'reset',
};

/** @returns undefined if the value is not text */
export function zeekState(connState: unknown): ConnectionState | undefined {
  return typeof connState === 'string' ? (STATES[connState] ?? 'other') : undefined;
}
