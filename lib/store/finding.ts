import type { Pattern } from '../consensus/activity-evidence.ts';
import type { AttentionReason } from './assessment.ts';
import { type FindingName, findingBucket, findingKey, type ItemKey, parseFindingKey } from './keys.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** A service that a finding concerns. */
export interface FindingService {
  readonly port: number;
  readonly protocol: string;
}

/** Most local hosts, and services, that a finding names. */
export const MOST_FINDING_HOSTS = 20;
export const MOST_FINDING_SERVICES = 10;

/**
 * Why an address needs a human, for one day and one direction. It is written when it is new and when it has news: see
 * `updateFinding` in `lib/announcement`. Later activity that was no news is not in it.
 */
export interface Finding extends FindingName {
  /** When the queue first received the latest unit it was written for, epoch milliseconds. */
  readonly ingestedAtMs: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** The highest threat score of the day that was noted, 0-1. */
  readonly score: number;
  /** All reasons of the day, most severe first. */
  readonly reasons: readonly AttentionReason[];
  /** The activity pattern of the address; absent if its connections show none. */
  readonly pattern?: Pattern;
  /** Whether there is evidence about the address other than its connections. */
  readonly hasIntelligence: boolean;
  /** Id of the assessment that the score is from. */
  readonly assessment: string;
  /** Times of the first and last connection of the units it was written for, epoch milliseconds. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Its connections in the storage unit that has most of them. */
  readonly connections: number;
  /** The largest number of those that were answered; absent if the sensor does not report it. */
  readonly answered?: number;
  /** Local hosts concerned, at most 20. */
  readonly localHosts: readonly string[];
  /** Services concerned, at most 10: those of local hosts if the direction is inbound, else those of the address. */
  readonly services: readonly FindingService[];
  /** Kinds of announcements decided for it, in the order of their decision. */
  readonly announced: readonly string[];
  /** Number of writes so far; 0 if it was never written. */
  readonly revision: number;
}

/**
 * The item as the table holds it. Lists are texts, since they are read as a whole and DynamoDB lists cost more bytes.
 */
export interface FindingItem extends ItemKey {
  readonly schema: number;
  readonly time_bucket: string;
  readonly ingested_at: number;
  readonly expires_at: number;
  readonly revision: number;
  readonly score: number;
  /** Separated by spaces, as are hosts, services (`443/tcp`) and kinds of announcements. */
  readonly reasons: string;
  readonly pattern?: Pattern;
  readonly has_intelligence?: true;
  readonly assessment: string;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly connections: number;
  readonly answered?: number;
  readonly local_hosts: string;
  readonly services: string;
  readonly announced?: string;
}

export function findingItem(finding: Finding): FindingItem {
  const { pattern, answered, announced } = finding;
  return {
    ...findingKey(finding),
    schema: SCHEMA_VERSION,
    time_bucket: findingBucket(finding, finding.ingestedAtMs),
    ingested_at: finding.ingestedAtMs,
    expires_at: finding.expiresAt,
    revision: finding.revision,
    score: finding.score,
    reasons: finding.reasons.join(' '),
    ...(pattern !== undefined && { pattern }),
    ...(finding.hasIntelligence && { has_intelligence: true }),
    assessment: finding.assessment,
    first_seen: finding.firstSeenMs,
    last_seen: finding.lastSeenMs,
    connections: finding.connections,
    ...(answered !== undefined && { answered }),
    local_hosts: finding.localHosts.join(' '),
    services: finding.services.map(({ port, protocol }) => `${port}/${protocol}`).join(' '),
    ...(announced.length > 0 && { announced: announced.join(' ') }),
  };
}

/** @throws TypeError if the item is not what this version writes */
export function readFindingItem(item: FindingItem): Finding {
  const { score, assessment, reasons, local_hosts, services, announced = '' } = item;
  const { pattern, answered } = item;
  if (typeof score !== 'number' || typeof assessment !== 'string') throw new TypeError('not a finding');
  return {
    ...parseFindingKey(item),
    ingestedAtMs: item.ingested_at,
    expiresAt: item.expires_at,
    score,
    reasons: words(reasons) as AttentionReason[],
    ...(pattern !== undefined && { pattern }),
    hasIntelligence: item.has_intelligence === true,
    assessment,
    firstSeenMs: item.first_seen,
    lastSeenMs: item.last_seen,
    connections: item.connections,
    ...(answered !== undefined && { answered }),
    localHosts: words(local_hosts),
    services: words(services).map(readService),
    announced: words(announced),
    revision: item.revision,
  };
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

function readService(text: string): FindingService {
  const [port, protocol = ''] = text.split('/');
  return { port: Number(port), protocol };
}
