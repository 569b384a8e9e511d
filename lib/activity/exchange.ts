import type { ConnectionRecord } from '../records/connection-record.ts';
import type { Endpoint } from '../records/endpoint.ts';

/** How a connection ended, as far as a sensor says. */
export type Outcome = 'answered' | 'unanswered' | 'refused' | 'unknown';

/** What activity looks at of a connection of which exactly one side is local. */
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
  /** Seconds; undefined if the sensor does not say. */
  readonly duration: number | undefined;
  /** Bytes that the local side sent and got; undefined if the sensor does not say. */
  readonly sent: number | undefined;
  readonly received: number | undefined;
}

/**
 * @returns undefined for a connection of which both sides or none are local, and for one to a group of hosts: nobody
 * answers there
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
 * @returns undefined for any other, for one to a group of hosts, and for an answer that the sensor took for a connection
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

/** Where a sensor gives no state, bytes that came back are an answer; a part of a connection is none. */
function outcomeOf(record: ConnectionRecord): Outcome {
  const { state, bytes_in = 0 } = record;
  if (state === undefined) return bytes_in > 0 ? 'answered' : 'unknown';
  if (state === 'other' || isLateReply(record)) return 'unknown';
  return state === 'reset' ? 'answered' : state;
}

/** Ports from which servers answer over UDP: what comes from there unasked is mostly an answer that came too late. */
const REPLYING_PORTS: ReadonlySet<number | undefined> = new Set([53, 123, 443, 3478]);

function isLateReply({ protocol, src_port, dst_port }: ConnectionRecord): boolean {
  return protocol === 'udp' && REPLYING_PORTS.has(src_port) && dst_port >= 1024;
}

/** Linux takes a client's ports from here on. */
const FIRST_PORT_OF_A_CLIENT = 32_768;

/** Over UDP: from a service's port to a client's. Devices answer a search (SSDP) so, at a new port each time. */
function isAnswer({ protocol, src_port, dst_port }: ConnectionRecord): boolean {
  return (
    protocol === 'udp' &&
    src_port !== undefined &&
    src_port < FIRST_PORT_OF_A_CLIENT &&
    dst_port >= FIRST_PORT_OF_A_CLIENT
  );
}

/** Names a service of the site: what a remote address may find open or closed. */
export function serviceOf({ local, port, protocol }: Exchange): string {
  return `${local} ${port} ${protocol}`;
}
