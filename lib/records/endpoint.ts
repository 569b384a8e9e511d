import type { Activity } from '../consensus/activity.ts';
import type { Detection } from '../consensus/detection.ts';
import type { Direction, ScoringInput, ThreatIntel } from '../consensus/scoring-input.ts';
import { isInside } from './address.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { IsLocal } from './locality.ts';

/** The remote side of a connection, which is what gets scored. */
export interface Endpoint {
  readonly address: string;
  readonly dst_port: number;
  readonly protocol: string;
  readonly direction: Direction;
}

const SECONDS_PER_DAY = 86_400;

/**
 * Finds the side of a connection that is not the site's own: the destination of an outbound connection, the
 * source of an inbound one, the destination where both or neither are local. Private and link-local addresses and
 * multicast are local whatever the sensor says, which may know one of several inside networks; else what it says comes
 * before what the addresses suggest.
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

/** What the connections of a unit show about an endpoint. */
export interface Shown {
  readonly activity?: Activity | undefined;
  readonly detections?: readonly Detection[] | undefined;
}

/**
 * What the scorers are shown of a connection: its endpoint and what is known about that endpoint.
 *
 * @param threat_intel what the record brings along, or that and more
 * @param shown what the address's connections in this direction show, and what was detected on the endpoint's
 */
export function scoringInput(
  record: ConnectionRecord,
  endpoint: Endpoint,
  threat_intel = record.threat_intel,
  shown: Shown = {},
): ScoringInput {
  const { address, dst_port, protocol, direction } = endpoint;
  const age = reportAgeDays(record.timestamp, threat_intel);
  // All fields are set, whether or not there is anything: objects of one shape are read much faster.
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
 * Whole days from the last abuse report to the connection. A report up to a day younger than the connection
 * counts as of the same day (clocks differ, look-ups lag); one younger still says nothing about age, as with
 * recordings whose times count from zero.
 */
function reportAgeDays(timestamp: number, threat_intel: ThreatIntel | undefined): number | undefined {
  const reportedAt = threat_intel?.abuseipdb?.last_reported_at;
  if (typeof reportedAt !== 'number') return undefined;
  const days = (timestamp - reportedAt) / SECONDS_PER_DAY;
  return days < -1 ? undefined : Math.max(0, Math.floor(days));
}
