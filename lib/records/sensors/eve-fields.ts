import type { ConnectionState } from '../connection-state.ts';
import { eveAlert } from './eve-alert.ts';
import { type Fields, keep, type Sensed, set, setTransport, sumOfBytes, toMilliseconds } from './sensed.ts';

/** Fields of flow events that are dropped: capture counters and packet details. */
const UNUSED_FIELDS: ReadonlySet<string> = new Set([
  'event_type',
  'flow',
  'netflow',
  'pcap_cnt',
  'pcap_filename',
  'tcp',
  'pkt_src',
]);

/** Fields of flow events that have another name in a record. */
const RENAMED_FIELDS: ReadonlySet<string> = new Set(['flow_id', 'dest_ip', 'dest_port', 'proto']);

/** Events that are connections, or one direction of one. */
const CONNECTION_EVENTS: ReadonlySet<string> = new Set(['flow', 'netflow']);

/** Whether an object is a Suricata `eve.json` event. */
export function isEveEvent(event: Fields): boolean {
  const { event_type } = event;
  return (
    typeof event_type === 'string' &&
    ('dest_ip' in event || 'flow_id' in event || typeof event[event_type] === 'object')
  );
}

/**
 * Reads a Suricata `eve.json` event. A connection is a `flow` event; alerts and other events of the same flow come
 * separately with the same `flow_id`. `netflow` events come from engines configured to log each direction separately.
 * The event's time is when the flow was logged; the connection's time is its start.
 */
export function eveFields(event: Fields): Sensed {
  const { event_type } = event;
  if (typeof event_type === 'string' && !CONNECTION_EVENTS.has(event_type)) {
    const alert = event_type === 'alert' ? eveAlert(event) : undefined;
    return { kind: 'other', what: event_type, ...(alert !== undefined && { alert }) };
  }
  const flow = objectIn(event_type === 'netflow' ? event.netflow : event.flow);
  const fields: Fields = {};
  for (const key of Object.keys(event)) {
    if (!UNUSED_FIELDS.has(key) && !RENAMED_FIELDS.has(key)) keep(fields, key, event[key]);
  }
  set(fields, 'timestamp', flow.start ?? event.timestamp);
  set(fields, 'id', event.flow_id);
  set(fields, 'src_ip', event.src_ip);
  set(fields, 'dst_ip', event.dest_ip);
  setTransport(fields, event.proto, event.src_port, event.dest_port);
  set(fields, 'bytes', sumOfBytes(flow.bytes_toserver, flow.bytes_toclient) ?? flow.bytes);
  set(fields, 'bytes_out', flow.bytes_toserver);
  set(fields, 'bytes_in', flow.bytes_toclient);
  set(fields, 'duration', durationOf(flow));
  set(fields, 'state', stateOf(flow, event.tcp));
  // Suricata writes this if it could not identify the protocol.
  if (fields.app_proto === 'failed') delete fields.app_proto;
  if (flow.alerted === true) fields.flow_alerted = true;
  return { kind: 'connection', fields };
}

function objectIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Suricata 7 writes `age` in whole seconds; start and end are more precise. */
function durationOf({ start, end, age }: Fields): unknown {
  const seconds = (Date.parse(String(end)) - Date.parse(String(start))) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? toMilliseconds(seconds) : age;
}

const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** For TCP, the flags that each side sent are more precise than the flow table's state. */
function stateOf(flow: Fields, tcp: unknown): ConnectionState | undefined {
  if (typeof tcp === 'object' && tcp !== null) {
    const { tcp_flags_tc } = tcp as Fields;
    if (typeof tcp_flags_tc === 'string')
      return stateOfFlags(Number.parseInt(tcp_flags_tc, 16), tcp as Fields);
  }
  const { state, pkts_toclient } = flow;
  if (typeof pkts_toclient === 'number') return pkts_toclient > 0 ? 'answered' : 'unanswered';
  if (state === 'new') return 'unanswered';
  return state === 'established' || state === 'closed' ? 'answered' : undefined;
}

function stateOfFlags(responderFlags: number, { tcp_flags_ts }: Fields): ConnectionState {
  if (responderFlags === 0 || Number.isNaN(responderFlags)) return 'unanswered';
  const isAccepted = (responderFlags & SYN) !== 0;
  if (!isAccepted) return (responderFlags & RST) !== 0 ? 'refused' : 'other';
  const originatorFlags = Number.parseInt(String(tcp_flags_ts), 16);
  const isReset = ((responderFlags | originatorFlags) & RST) !== 0;
  return isReset && (originatorFlags & ACK) !== 0 ? 'reset' : 'answered';
}
