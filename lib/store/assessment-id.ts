import type { Listing } from '../consensus/listing.ts';
import { DIRECTIONS, type Direction } from '../consensus/scoring-input.ts';
import { contentHash } from '../records/content-hash.ts';
import type { Endpoint } from '../records/endpoint.ts';
import type { AssessedInput } from './assessment.ts';

/** What an assessment is about: an endpoint of an address, as one storage unit has it. */
export interface AssessmentName {
  readonly address: string;
  readonly unit: string;
  /** See `endpointName`. */
  readonly endpoint: string;
  /** Whole days since the last report of abuse, where that was part of the scoring input. */
  readonly reportAgeDays?: number;
  /** See `listingsName`; absent if no list that was looked up names the address. */
  readonly listed?: string;
}

/**
 * address / unit (a hash, after a minute or alone) / port / protocol / direction, then a hash of what the records brought
 * along, then the report's age, then on how many lists and since when.
 */
const ASSESSMENT_ID =
  /^([0-9a-f.:]+)\/((?:\d{1,9}\.)?[\w-]{22})\/(\d{1,5}\/[a-z0-9][a-z0-9._-]{0,31}\/[a-z]+(?:\/[\w-]{8})?)(?:\/(\d{1,6})d)?(?:\/on(\d{1,2}(?:-\d{1,6})?))?$/;

const CONTEXT_CHARACTERS = 8;

/**
 * Names an endpoint within its address and unit: `443/tcp/outbound`. Records of one endpoint that bring different
 * intelligence or geo data along are assessed apart; their names end in a hash of it.
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
 * Writes the name of an assessment for people and commands. It says what was assessed and not where that stands, so
 * that it stays the same when a message comes again under other settings.
 */
export function assessmentId({ address, unit, endpoint, reportAgeDays, listed }: AssessmentName): string {
  const age = reportAgeDays === undefined ? '' : `/${reportAgeDays}d`;
  const lists = listed === undefined ? '' : `/on${listed}`;
  return `${address}/${unit}/${endpoint}${age}${lists}`;
}

/** @returns undefined if the text is no assessment's id */
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
 * Tells apart connections of one endpoint at which lists were of different ages: the number of lists, then the days since
 * which they no longer name the address, all together, unless all do. As time passes the first falls or the second grows.
 */
export function listingsName(listings: readonly Listing[] | undefined): string | undefined {
  if (listings === undefined || listings.length === 0) return undefined;
  const days = listings.reduce((sum, { unlisted_days = 0 }) => sum + unlisted_days, 0);
  return days === 0 ? `${listings.length}` : `${listings.length}-${days}`;
}

/** @returns the direction that the name of an endpoint says; undefined if the text is no such name */
export function directionIn(endpoint: string): Direction | undefined {
  const [, , direction] = endpoint.split('/');
  return DIRECTIONS.find((each) => each === direction);
}
