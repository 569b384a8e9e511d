import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';
import type { Endpoint } from '../records/endpoint.ts';
import { type Assessment, scoredInput } from './assessment.ts';
import { assessmentId } from './assessment-id.ts';
import { type ConnectionKind, decodeEndpoint, decodeRow, type Row } from './connection-rows.ts';
import { isEarlier, readEarlier } from './earlier-schema.ts';
import { addressItemKey, type ItemKey, timeBucket } from './keys.ts';
import { readStamp, type SettingsStamp, stampText } from './settings-stamp.ts';
import { readText, type StoredText } from './stored-text.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** Bytes of content at which an item is split; DynamoDB's limit is 400 KB, names and overhead included. */
const MAX_CONTENT_BYTES = 360_000;

/**
 * Assessments count in steps, so that a message that comes again is split at the same places although something more
 * is known about the address by then.
 */
const OVERHEAD_STEP_BYTES = 4_096;

/** An assessment with the connections it covers, as rows. */
export interface AssessedConnections {
  readonly assessment: Assessment;
  /** See `assessmentText`. */
  readonly text: string;
  readonly needsAttention: boolean;
  readonly rows: readonly string[];
}

/** Everything that one message says about one address. */
export interface AddressAssessments {
  readonly address: string;
  /** Content hash of the message. */
  readonly message: string;
  readonly ingestedAtMs: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** Time of the latest connection, epoch milliseconds. */
  readonly latestMs: number;
  /** The settings by which all of it was assessed. */
  readonly settings?: SettingsStamp | undefined;
  readonly kinds: readonly ConnectionKind[];
  readonly groups: readonly AssessedConnections[];
}

/** The item as the table holds it: what consumers read. */
export interface AddressItem extends ItemKey {
  readonly schema: number;
  readonly ingested_at: number;
  readonly expires_at: number;
  /** Set where an assessment in the item needs a human; puts the item into the time index. */
  readonly time_bucket?: string;
  /** See `stampText`. */
  readonly settings?: string;
  /** The highest of its verdicts. */
  readonly threat_score: number;
  /** JSON of an `AddressContent`, compressed when it is written. */
  readonly content: StoredText;
}

/** What an item says, beside what can be found by. */
export interface AddressContent {
  readonly kinds: readonly ConnectionKind[];
  readonly verdicts: readonly StoredVerdict[];
}

/** An assessment, without what is empty or false, and the connections it covers. */
export type StoredVerdict = Partial<Assessment> & { readonly connections: readonly Row[] };

/** What is stored of an assessment, as JSON: assessments with the same text are one. */
export function assessmentText(assessment: Assessment): string {
  const kept: Record<string, unknown> = { ...assessment };
  // What is undefined is not in JSON.
  for (const name of CAN_BE_EMPTY) if (isEmpty(kept[name])) kept[name] = undefined;
  return JSON.stringify(kept);
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === false;
  for (const _ in value) return false;
  return true;
}

/** Lays out an address's assessments as items below DynamoDB's size limit, in numbered parts. */
export function addressItems(assessed: AddressAssessments): AddressItem[] {
  return splitBySize(assessed.groups).map((groups, part) => ({
    ...addressItemKey(assessed.address, assessed.message, assessed.latestMs, part),
    schema: SCHEMA_VERSION,
    ingested_at: assessed.ingestedAtMs,
    expires_at: assessed.expiresAt,
    ...(groups.some((group) => group.needsAttention) && {
      time_bucket: timeBucket('attention', assessed.ingestedAtMs, assessed.message),
    }),
    ...(assessed.settings !== undefined && { settings: stampText(assessed.settings) }),
    threat_score: Math.max(...groups.map(({ assessment }) => assessment.threat_score)),
    content: contentText(assessed.kinds, groups),
  }));
}

/** JSON of an `AddressContent`, from parts that are JSON already. */
function contentText(kinds: readonly ConnectionKind[], groups: readonly AssessedConnections[]): string {
  const verdicts = groups.map(({ text, rows }) => `${text.slice(0, -1)},"connections":[${rows.join(',')}]}`);
  return `{"kinds":${JSON.stringify(kinds)},"verdicts":[${verdicts.join(',')}]}`;
}

/** Fills one part after the other; an assessment whose rows span parts stands in each of them. */
function splitBySize(groups: readonly AssessedConnections[]): AssessedConnections[][] {
  const parts: AssessedConnections[][] = [[]];
  let size = 0;
  for (const group of groups) {
    const overhead = Math.ceil(Buffer.byteLength(group.text) / OVERHEAD_STEP_BYTES) * OVERHEAD_STEP_BYTES;
    let rows: string[] = [];
    const close = () => {
      if (rows.length > 0) parts.at(-1)?.push({ ...group, rows });
      rows = [];
    };
    size += overhead;
    for (const row of group.rows) {
      const rowSize = Buffer.byteLength(row) + 1;
      if (size + rowSize > MAX_CONTENT_BYTES && size > overhead) {
        close();
        parts.push([]);
        size = overhead;
      }
      rows.push(row);
      size += rowSize;
    }
    close();
  }
  return parts;
}

/** An assessment as read from the table, with the connections it covers. */
export interface ReadAssessment {
  /** See `assessmentId`. */
  readonly id: string;
  readonly address: string;
  readonly ingestedAtMs: number;
  readonly assessment: Assessment;
  /** The settings that were in force; undefined where the item does not say. */
  readonly settings?: SettingsStamp;
  readonly connections: readonly ConnectionRecord[];
}

/** Reads an item back. */
export function readAddressItem(item: AddressItem): ReadAssessment[] {
  const { address, stamp, content } = open(item);
  return content.verdicts.map(({ connections, ...verdict }, index) => {
    const assessment = wholeAssessment(verdict);
    const { report_age_days: _, ...context } = assessment.input;
    return {
      id: assessmentId(item, index),
      address,
      ingestedAtMs: item.ingested_at,
      assessment,
      ...stamp,
      connections: connections.map((row) => decodeRow(row, address, content.kinds, context)),
    };
  });
}

/** What was scored, and what was said of it then. */
export interface StoredScoring {
  readonly input: ScoringInput;
  readonly assessment: Assessment;
  /** The settings that were in force; undefined where the item does not say. */
  readonly settings?: SettingsStamp;
}

/** Reads back what the scorers saw: each distinct input that the item's assessments cover. */
export function readScorings(item: AddressItem): StoredScoring[] {
  const { address, stamp, content } = open(item);
  return content.verdicts.flatMap(({ connections, ...verdict }) => {
    const assessment = wholeAssessment(verdict);
    const endpoints = connections.map((row) => decodeEndpoint(row, address, content.kinds));
    const distinct = new Map(endpoints.map((endpoint) => [endpointText(endpoint), endpoint]));
    return [...distinct.values()].map((endpoint) => ({
      input: { ...endpoint, ...scoredInput(assessment) },
      assessment,
      ...stamp,
    }));
  });
}

function endpointText({ dst_port, protocol, direction }: Endpoint): string {
  return `${dst_port}/${protocol}/${direction}`;
}

function open(item: AddressItem) {
  const stamp = item.settings === undefined ? undefined : readStamp(item.settings);
  return {
    address: item.pk.split('#')[1] ?? '',
    stamp: stamp === undefined ? {} : { settings: stamp },
    content: readContent(item),
  };
}

/** Reads what an item holds, as it is stored. */
export function readContent(item: AddressItem): AddressContent {
  return isEarlier(item) ? readEarlier(item) : (JSON.parse(readText(item.content)) as AddressContent);
}

function wholeAssessment(verdict: Partial<Assessment>): Assessment {
  const leftOut = verdict.method === 'median' ? { ...EMPTY, ...EMPTY_CONSENSUS } : EMPTY;
  return { ...leftOut, ...verdict } as Assessment;
}

const EMPTY = { votes: {}, failures: {}, evidence: [], input: {} } as const;
const EMPTY_CONSENSUS = { outliers: [], degraded: false, high_uncertainty: false } as const;
const CAN_BE_EMPTY = Object.keys({ ...EMPTY, ...EMPTY_CONSENSUS });
