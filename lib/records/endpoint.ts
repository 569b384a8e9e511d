import type { Activity } from '../consensus/activity.ts';
import type { Detection } from '../consensus/detection.ts';
import type { Direction, ScoringInput, ThreatIntel } from '../consensus/scoring-input.ts';
import { isInside } from './address.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { IsLocal } from './locality.ts';

/** The remote side of a connection, which gets scored. */
export interface Endpoint {
  readonly address: string;
  readonly dst_port: number;
  readonly protocol: string;
  readonly direction: Direction;
}

const SECONDS_PER_DAY = 86_400;

/**
 * Finds the remote side of a connection: the destination of an outbound connection, the source of an inbound one, the
 * destination if both or neither are local. Private, link-local and multicast addresses are always local, since a
 * sensor may know only one of several inside networks. For other addresses the sensor's word takes precedence over the
 * home networks.
 */
export function remoteEndpoint(record: ConnectionRecord, isLocal: IsLocal): Endpoint {
  const isSourceLocal = sideIsLocal(record.src_ip, record.local_orig, isLocal);
  const isDestinationLocal = sideIsLocal(record.dst_ip, record.local_resp, isLocal);
  const direction = directionOf(isSourceLocal, isDestinationLocal);
  return {
    address: direction === 'inbound' ? record.src_ip : record.dst_ip,
    dst_port: record.dst_port,
    protocol: record.protocol,
    direction,
  };
}

function sideIsLocal(address: string, said: boolean | undefined, isLocal: IsLocal): boolean {
  return said === false ? isInside(address) : (said ?? isLocal(address));
}

function directionOf(isSourceLocal: boolean, isDestinationLocal: boolean): Direction {
  if (isSourceLocal) return isDestinationLocal ? 'internal' : 'outbound';
  return isDestinationLocal ? 'inbound' : 'external';
}

/** Activity and detections that a unit's connections show about an endpoint. */
export interface Shown {
  readonly activity?: Activity | undefined;
  readonly detections?: readonly Detection[] | undefined;
}

/**
 * The scoring input of a connection: its endpoint and everything known about that endpoint.
 *
 * @param threat_intel the record's own, possibly with more added
 * @param shown the address's activity in this direction, and detections on the endpoint
 */
export function scoringInput(
  record: ConnectionRecord,
  endpoint: Endpoint,
  threat_intel = record.threat_intel,
  shown: Shown = {},
): ScoringInput {
  const { address, dst_port, protocol, direction } = endpoint;
  const age = reportAgeDays(record.timestamp, threat_intel);
  // All fields are always set: V8 reads objects of one shape much faster.
  return {
    address,
    dst_port,
    protocol,
    direction,
    threat_intel,
    geo_data: record.geo_data,
    report_age_days: age,
    activity: shown.activity,
    detections: shown.detections,
  };
}

/**
 * Whole days from the last abuse report to the connection. A report up to a day after the connection counts as age 0
 * (clocks differ, lookups lag); a later one gives no age, as with recordings whose times count from zero.
 */
function reportAgeDays(timestamp: number, threat_intel: ThreatIntel | undefined): number | undefined {
  const reportedAt = threat_intel?.abuseipdb?.last_reported_at;
  if (typeof reportedAt !== 'number') return undefined;
  const days = (timestamp - reportedAt) / SECONDS_PER_DAY;
  return days < -1 ? undefined : Math.max(0, Math.floor(days));
}
