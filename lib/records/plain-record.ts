import { canonicalAddress } from './address.ts';
import { isPlainGeoData, isPlainIntel } from './plain-intel.ts';
import { protocolName } from './protocol.ts';
import { isCanonicalTime } from './timestamp.ts';

/** Thirty years. A larger number is an error, and would not survive formatting. */
export const MAX_DURATION_SECONDS = 1e9;

const PROTOCOL = /^[a-z][a-z0-9._-]{0,31}$/;
const MAX_PORT = 65_535;
const MAX_ID_LENGTH = 256;
const STATES: ReadonlySet<unknown> = new Set(['answered', 'unanswered', 'refused', 'reset', 'other']);

/**
 * Whether every field present is already in the schema's output form, so running the schema changes nothing. A fast
 * path for typical sensor records, at a quarter of the schema's time: it accepts fewer valid records than the schema
 * and none that the schema rejects. Unknown nested fields are left to the schema. Callers must have checked that the
 * required fields are present.
 */
export function isPlain(value: object): boolean {
  for (const key of Object.keys(value)) {
    if (!isPlainField(key, (value as Record<string, unknown>)[key])) return false;
  }
  return true;
}

function isPlainField(key: string, value: unknown): boolean {
  switch (key) {
    case 'timestamp':
      return isCanonicalTime(value);
    case 'src_ip':
    case 'dst_ip':
      return typeof value === 'string' && canonicalAddress(value) === value;
    case 'src_port':
    case 'dst_port':
      return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_PORT;
    case 'protocol':
      return typeof value === 'string' && PROTOCOL.test(value) && protocolName(value) === value;
    case 'id':
      return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH;
    case 'bytes':
    case 'bytes_out':
    case 'bytes_in':
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case 'duration':
      return typeof value === 'number' && value >= 0 && value <= MAX_DURATION_SECONDS;
    case 'state':
      return STATES.has(value);
    case 'local_orig':
    case 'local_resp':
      return typeof value === 'boolean';
    case 'threat_intel':
      return isPlainIntel(value);
    case 'geo_data':
      return isPlainGeoData(value);
    case 'detections':
    case '__proto__':
      return false;
    default:
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  }
}
