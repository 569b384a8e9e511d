import type { Listing } from '../consensus/listing.ts';
import { DIRECTIONS, type Direction } from '../consensus/scoring-input.ts';
import { contentHash } from '../records/content-hash.ts';
import type { Endpoint } from '../records/endpoint.ts';
import type { AssessedInput } from './assessment.ts';

/** The subject of an assessment: an endpoint of an address in one storage unit. */
export interface AssessmentName {
  readonly address: string;
  readonly unit: string;
  /** See `endpointName`. */
  readonly endpoint: string;
  /** Whole days since the last abuse report, if that was part of the scoring input. */
  readonly reportAgeDays?: number;
  /** See `listingsName`; absent if no list that was looked up names the address. */
  readonly listed?: string;
}

/**
 * address / unit (a hash, alone or after a minute) / port / protocol / direction, then a hash of the intelligence and
 * geo data from the records, then the report's age, then on how many lists and since when.
 */
const ASSESSMENT_ID =
  /^([0-9a-f.:]+)\/((?:\d{1,9}\.)?[\w-]{22})\/(\d{1,5}\/[a-z0-9][a-z0-9._-]{0,31}\/[a-z]+(?:\/[\w-]{8})?)(?:\/(\d{1,6})d)?(?:\/on(\d{1,2}(?:-\d{1,6})?))?$/;

const CONTEXT_CHARACTERS = 8;

/**
 * Names an endpoint within its address and unit: `443/tcp/outbound`. Records of one endpoint that carry different
 * intelligence or geo data are assessed separately; their names end in a hash of it.
 */
export function endpointName(
  { dst_port, protocol, direction }: Omit<Endpoint, 'address'>,
  { threat_intel, geo_data }: Pick<AssessedInput, 'threat_intel' | 'geo_data'>,
): string {
  const endpoint = `${dst_port}/${protocol}/${direction}`;
  if (threat_intel === undefined && geo_data === undefined) return endpoint;
  const brought = JSON.stringify([threat_intel, geo_data]);
  return `${endpoint}/${contentHash(brought).slice(0, CONTEXT_CHARACTERS)}`;
}

/**
 * Writes the name of an assessment for people and commands. It names the subject of the assessment rather than its
 * place in the table, so it stays the same when a message is delivered again under other settings.
 */
export function assessmentId({ address, unit, endpoint, reportAgeDays, listed }: AssessmentName): string {
  const age = reportAgeDays === undefined ? '' : `/${reportAgeDays}d`;
  const lists = listed === undefined ? '' : `/on${listed}`;
  return `${address}/${unit}/${endpoint}${age}${lists}`;
}

/** @returns undefined if the text is not an assessment id */
export function parseAssessmentId(id: string): AssessmentName | undefined {
  const [, address, unit, endpoint, age, listed] = ASSESSMENT_ID.exec(id) ?? [];
  if (address === undefined || unit === undefined || endpoint === undefined) return undefined;
  return {
    address,
    unit,
    endpoint,
    ...(age !== undefined && { reportAgeDays: Number(age) }),
    ...(listed !== undefined && { listed }),
  };
}

/**
 * Distinguishes connections of one endpoint for which listings had different ages: the number of lists, then the sum of
 * the days since lists last named the address, unless all still do. As time passes the first falls or the second grows.
 */
export function listingsName(listings: readonly Listing[] | undefined): string | undefined {
  if (listings === undefined || listings.length === 0) return undefined;
  const days = listings.reduce((sum, { unlisted_days = 0 }) => sum + unlisted_days, 0);
  return days === 0 ? `${listings.length}` : `${listings.length}-${days}`;
}

/** @returns the direction in the name of an endpoint; undefined if the text is not such a name */
export function directionIn(endpoint: string): Direction | undefined {
  const [, , direction] = endpoint.split('/');
  return DIRECTIONS.find((each) => each === direction);
}
