import type { ExportedConnection } from '../../results/export.ts';
import type { CsvCell } from './csv.ts';
import { zonedDateTime } from './date-time.ts';

/** Which side of a connection was scored: inbound connections are scored by who opened them. */
export type ScoredSide = 'originator' | 'responder';

export function scoredSide({ record, read }: ExportedConnection): ScoredSide {
  return record.dst_ip === read.address ? 'responder' : 'originator';
}

/** A connection as one flat row, with both sides as the sensor saw them. */
export function connectionRow(exported: ExportedConnection) {
  const { record, read } = exported;
  const { timestamp, src_ip, src_port, dst_ip, dst_port, protocol, id, bytes, ...rest } = record;
  const { local_orig, local_resp, threat_intel, geo_data, ...further } = rest;
  return {
    timestamp: zonedDateTime(timestamp),
    src_ip,
    src_port,
    dst_ip,
    dst_port,
    protocol,
    id,
    bytes,
    local_orig,
    local_resp,
    scored_side: scoredSide(exported),
    threat_score: read.assessment.threat_score,
    scored_by: read.assessment.scored_by,
    assessment_id: read.id,
    threat_intel_json: threat_intel && JSON.stringify(threat_intel),
    geo_data_json: geo_data && JSON.stringify(geo_data),
    further_json: Object.keys(further).length === 0 ? undefined : JSON.stringify(further),
  } satisfies Readonly<Record<string, CsvCell>>;
}

export const CONNECTION_COLUMNS = [
  'timestamp',
  'src_ip',
  'src_port',
  'dst_ip',
  'dst_port',
  'protocol',
  'id',
  'bytes',
  'local_orig',
  'local_resp',
  'scored_side',
  'threat_score',
  'scored_by',
  'assessment_id',
  'threat_intel_json',
  'geo_data_json',
  'further_json',
] as const satisfies readonly (keyof ReturnType<typeof connectionRow>)[];
