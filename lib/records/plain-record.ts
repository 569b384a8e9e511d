import { canonicalAddress } from './address.ts';
import { isPlainGeoData, isPlainIntel } from './plain-intel.ts';
import { protocolName } from './protocol.ts';
import { isCanonicalTime } from './timestamp.ts';

/** Thirty years; a larger number is a broken one, and none that a double holds exactly once it is written out. */
export const MAX_DURATION_SECONDS = 1e9;

const PROTOCOL = /^[a-z][a-z0-9._-]{0,31}$/;
const MAX_PORT = 65_535;
const MAX_ID_LENGTH = 256;
const STATES: ReadonlySet<unknown> = new Set(['answered', 'unanswered', 'refused', 'reset', 'other']);

/**
 * Whether every field that there is stands as the schema would leave it, so that asking the schema changes nothing.
 * A shortcut for what sensors mostly send, at a quarter of the schema's time: it knows fewer valid records than the
 * schema and none that the schema refuses. Nested fields that the service does not know are left to the schema. That the
 * required fields are there must be known.
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
