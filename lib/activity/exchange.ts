import type { ConnectionRecord } from '../records/connection-record.ts';
import type { Endpoint } from '../records/endpoint.ts';

/** How a connection ended, as far as the sensor reports it. */
export type Outcome = 'answered' | 'unanswered' | 'refused' | 'unknown';

/** The properties of a connection with exactly one local side that activity looks at. */
export interface Exchange {
  readonly remote: string;
  readonly isInbound: boolean;
  readonly local: string;
  /** Destination port. */
  readonly port: number;
  readonly protocol: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly outcome: Outcome;
  /** Seconds; undefined if the sensor does not report it. */
  readonly duration: number | undefined;
  /** Bytes that the local side sent and received; undefined if the sensor does not report them. */
  readonly sent: number | undefined;
  readonly received: number | undefined;
}

/**
 * @returns undefined if both sides of the connection or none are local, and for a connection to a group of hosts, which
 * never answers
 */
export function readExchange(record: ConnectionRecord, endpoint: Endpoint): Exchange | undefined {
  const { direction, address } = endpoint;
  if (direction === 'outbound')
    return exchangeOf(record, endpoint, { remote: address, local: record.src_ip });
  if (direction !== 'inbound' || isGroup(record.dst_ip)) return undefined;
  return exchangeOf(record, endpoint, { remote: address, local: record.dst_ip });
}

/**
 * A connection inside the site, seen from the host that began it.
 *
 * @returns undefined for any other, for one to a group of hosts, and for an answer that the sensor mistook for a
 * connection
 */
export function readInternal(record: ConnectionRecord, endpoint: Endpoint): Exchange | undefined {
  if (endpoint.direction !== 'internal' || isGroup(record.dst_ip) || isAnswer(record)) return undefined;
  return exchangeOf(record, endpoint, { remote: record.dst_ip, local: record.src_ip });
}

function exchangeOf(
  record: ConnectionRecord,
  { direction, dst_port, protocol }: Endpoint,
  sides: Pick<Exchange, 'remote' | 'local'>,
): Exchange {
  const isInbound = direction === 'inbound';
  const { timestamp, duration, bytes_out, bytes_in } = record;
  return {
    ...sides,
    isInbound,
    port: dst_port,
    protocol,
    at: timestamp,
    outcome: outcomeOf(record),
    duration,
    sent: isInbound ? bytes_in : bytes_out,
    received: isInbound ? bytes_out : bytes_in,
  };
}

/** Multicast and limited broadcast, in canonical form. */
const GROUP = /^(?:2(?:2[4-9]|3\d)\.|ff|255\.255\.255\.255$)/;

function isGroup(address: string): boolean {
  return GROUP.test(address);
}

/** If a sensor gives no state, returned bytes are an answer, unless the record covers only a part of a connection. */
function outcomeOf(record: ConnectionRecord): Outcome {
  const { state, bytes_in = 0 } = record;
  if (state === undefined) return bytes_in > 0 ? 'answered' : 'unknown';
  if (state === 'other' || isLateReply(record)) return 'unknown';
  return state === 'reset' ? 'answered' : state;
}

/**
 * Ports from which servers answer over UDP: an unsolicited packet from them is usually an answer that came too late.
 */
const REPLYING_PORTS: ReadonlySet<number | undefined> = new Set([53, 123, 443, 3478]);

function isLateReply({ protocol, src_port, dst_port }: ConnectionRecord): boolean {
  return protocol === 'udp' && REPLYING_PORTS.has(src_port) && dst_port >= 1024;
}

/** First port of Linux's range for clients. */
const FIRST_PORT_OF_A_CLIENT = 32_768;

/** UDP from a service's port to a client's. Devices answer a search (SSDP) in this way, from a new port each time. */
function isAnswer({ protocol, src_port, dst_port }: ConnectionRecord): boolean {
  return (
    protocol === 'udp' &&
    src_port !== undefined &&
    src_port < FIRST_PORT_OF_A_CLIENT &&
    dst_port >= FIRST_PORT_OF_A_CLIENT
  );
}

/** Names a service of the site that a remote address may find open or closed. */
export function serviceOf({ local, port, protocol }: Exchange): string {
  return `${local} ${port} ${protocol}`;
}
