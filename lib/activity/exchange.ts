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
  /** Seconds; undefined where the sensor does not say. */
  readonly duration: number | undefined;
  /** Bytes that the local side sent and got; undefined where the sensor does not say. */
  readonly sent: number | undefined;
  readonly received: number | undefined;
}

/**
 * @returns undefined for a connection of which both sides or none are local, and for one to a group of hosts: nobody
 * answers there
 */
export function readExchange(record: ConnectionRecord, endpoint: Endpoint): Exchange | undefined {
  const { direction, address, dst_port, protocol } = endpoint;
  if (direction !== 'inbound' && direction !== 'outbound') return undefined;
  const isInbound = direction === 'inbound';
  if (isInbound && isGroup(record.dst_ip)) return undefined;
  const { timestamp, src_ip, dst_ip, duration, bytes_out, bytes_in } = record;
  return {
    remote: address,
    isInbound,
    local: isInbound ? dst_ip : src_ip,
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

/** Names a service of the site: what a remote address may find open or closed. */
export function serviceOf({ local, port, protocol }: Exchange): string {
  return `${local} ${port} ${protocol}`;
}
