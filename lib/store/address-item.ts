import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';
import type { Endpoint } from '../records/endpoint.ts';
import { type AssessedInput, type Assessment, scoredInput } from './assessment.ts';
import { assessmentId } from './assessment-id.ts';
import { type ConnectionKind, decodeEndpoint, decodeRow } from './connection-rows.ts';
import { addressItemKey, type ItemKey, timeBucket } from './keys.ts';
import { readStamp, type SettingsStamp, stampText } from './settings-stamp.ts';
import { readRows, type StoredRows, storeRows } from './stored-rows.ts';
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
  /** Size of the assessment as JSON, which no stored form exceeds. */
  readonly assessmentBytes: number;
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
  readonly kinds: readonly ConnectionKind[];
  readonly verdicts: readonly StoredVerdict[];
}

/**
 * An assessment in the form that is stored: what is empty or false is left out; `input` is JSON, `connections`
 * are rows, one a line, compressed where that saves a write unit.
 */
export type StoredVerdict = Readonly<Record<string, unknown>> & {
  readonly input?: string;
  readonly connections: StoredRows;
};

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
    kinds: assessed.kinds,
    verdicts: storedVerdicts(groups),
  }));
}

/**
 * Bytes that cost one write unit, whatever of them is used, less what stands in an item beside its verdicts.
 * Compressing what fits would take time for nothing.
 */
const ONE_UNIT_BYTES = 1024 - 300;

function storedVerdicts(groups: readonly AssessedConnections[]): StoredVerdict[] {
  const bytes = groups.reduce(
    (sum, { assessmentBytes, rows }) =>
      rows.reduce((total, row) => total + row.length + 1, sum + assessmentBytes),
    0,
  );
  return groups.map(({ assessment, rows }) =>
    storedVerdict(assessment, storeRows(rows, bytes > ONE_UNIT_BYTES)),
  );
}

function storedVerdict({ input, ...rest }: Assessment, connections: StoredRows): StoredVerdict {
  const kept = Object.entries(rest).filter(([, value]) => !isEmpty(value));
  return {
    ...Object.fromEntries(kept),
    ...(!isEmpty(input) && { input: JSON.stringify(input) }),
    connections,
  };
}

function isEmpty(value: unknown): boolean {
  if (value === false) return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Fills one part after the other; an assessment whose rows span parts stands in each of them. */
function splitBySize(groups: readonly AssessedConnections[]): AssessedConnections[][] {
  const parts: AssessedConnections[][] = [[]];
  let size = 0;
  for (const group of groups) {
    const overhead = Math.ceil(group.assessmentBytes / OVERHEAD_STEP_BYTES) * OVERHEAD_STEP_BYTES;
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
  const address = item.pk.split('#')[1] ?? '';
  const settings = stampOf(item);
  return item.verdicts.map((verdict, index) => {
    const assessment = readVerdict(verdict);
    const { report_age_days: _, ...context } = assessment.input;
    return {
      id: assessmentId(item, index),
      address,
      ingestedAtMs: item.ingested_at,
      assessment,
      ...(settings !== undefined && { settings }),
      connections: rowsOf(verdict).map((row) => decodeRow(row, address, item.kinds, context)),
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
  const address = item.pk.split('#')[1] ?? '';
  const settings = stampOf(item);
  return item.verdicts.flatMap((verdict) => {
    const assessment = readVerdict(verdict);
    const endpoints = rowsOf(verdict).map((row) => decodeEndpoint(row, address, item.kinds));
    const distinct = new Map(endpoints.map((endpoint) => [endpointText(endpoint), endpoint]));
    return [...distinct.values()].map((endpoint) => ({
      input: { ...endpoint, ...scoredInput(assessment) },
      assessment,
      ...(settings !== undefined && { settings }),
    }));
  });
}

function endpointText({ dst_port, protocol, direction }: Endpoint): string {
  return `${dst_port}/${protocol}/${direction}`;
}

function stampOf({ settings }: AddressItem): SettingsStamp | undefined {
  return settings === undefined ? undefined : readStamp(settings);
}

function rowsOf({ connections }: StoredVerdict): string[] {
  return readRows(connections);
}

function readVerdict({ connections: _, input: text, ...verdict }: StoredVerdict): Assessment {
  const input = (text === undefined ? {} : JSON.parse(text)) as AssessedInput;
  const leftOut = verdict.method === 'median' ? { ...EMPTY, ...EMPTY_CONSENSUS } : EMPTY;
  return { ...leftOut, ...verdict, input } as unknown as Assessment;
}

/** What a stored verdict leaves out. */
const EMPTY = { votes: {}, failures: {}, evidence: [] } as const;
const EMPTY_CONSENSUS = { outliers: [], degraded: false, high_uncertainty: false } as const;
