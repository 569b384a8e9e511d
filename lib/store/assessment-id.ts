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
}

/** address / unit (a hash, after a minute or alone) / port / protocol / direction, then a hash of what the records brought along, then the report's age */
const ASSESSMENT_ID =
  /^([0-9a-f.:]+)\/((?:\d{1,9}\.)?[\w-]{22})\/(\d{1,5}\/[a-z0-9][a-z0-9._-]{0,31}\/[a-z]+(?:\/[\w-]{8})?)(?:\/(\d{1,6})d)?$/;

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
export function assessmentId({ address, unit, endpoint, reportAgeDays }: AssessmentName): string {
  const age = reportAgeDays === undefined ? '' : `/${reportAgeDays}d`;
  return `${address}/${unit}/${endpoint}${age}`;
}

/** @returns undefined where the text is no assessment's id */
export function parseAssessmentId(id: string): AssessmentName | undefined {
  const [, address, unit, endpoint, age] = ASSESSMENT_ID.exec(id) ?? [];
  if (address === undefined || unit === undefined || endpoint === undefined) return undefined;
  return { address, unit, endpoint, ...(age !== undefined && { reportAgeDays: Number(age) }) };
}

/** @returns the direction that the name of an endpoint says; undefined where the text is no such name */
export function directionIn(endpoint: string): Direction | undefined {
  const [, , direction] = endpoint.split('/');
  return DIRECTIONS.find((each) => each === direction);
}
