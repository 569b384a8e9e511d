import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';
import type { Endpoint } from '../records/endpoint.ts';
import type { AddressContent, AddressItem, StoredVerdict } from './address-item.ts';
import { type Assessment, scoredInput } from './assessment.ts';
import { assessmentId, endpointName, listingsName } from './assessment-id.ts';
import { wholeAssessment } from './assessment-text.ts';
import { type ConnectionKind, decodeEndpoint, decodeRow, type Row } from './connection-rows.ts';
import { type AddressItemName, parseAddressItemKey } from './keys.ts';
import { readStamp, type SettingsStamp } from './settings-stamp.ts';
import { readText } from './stored-text.ts';

/** An assessment as read from the table, with the connections it covers. */
export interface ReadAssessment {
  /** Names the first of its endpoints; see `assessmentId`. */
  readonly id: string;
  readonly address: string;
  readonly unit: string;
  /** Names of the endpoints it covers, in the order of their connections; see `endpointName`. */
  readonly endpoints: readonly string[];
  readonly ingestedAtMs: number;
  /** Time of the address's latest connection in the unit, epoch milliseconds. */
  readonly latestMs: number;
  readonly assessment: Assessment;
  /** The settings that were in force; undefined if the item does not record them. */
  readonly settings?: SettingsStamp;
  readonly connections: readonly ConnectionRecord[];
}

/** A stored scoring input, and its verdict at the time. */
export interface StoredScoring {
  readonly input: ScoringInput;
  readonly assessment: Assessment;
  /** The settings that were in force; undefined if the item does not record them. */
  readonly settings?: SettingsStamp;
}

/**
 * Reads the assessments of an address in a unit. An assessment whose connections fill several items is returned as one.
 *
 * @param items of one address and unit, in the order in which the unit's summary names them
 * @throws Error if an item is not what this version writes
 */
export function readAddressItems(items: readonly AddressItem[]): ReadAssessment[] {
  return assessedIn(items).map(({ item, name, stamp, assessment, rows }) => {
    const { address, unit, latestMs } = name;
    const { report_age_days: reportAgeDays, activity: _, detections: __, ...context } = assessment.input;
    const named = rows.map(({ row, kinds }) => endpointName(decodeEndpoint(row, address, kinds), context));
    const endpoints = [...new Set(named)];
    const endpoint = endpoints[0] ?? '';
    const listed = listingsName(assessment.lookups?.listings?.intel);
    const ages = {
      ...(reportAgeDays !== undefined && { reportAgeDays }),
      ...(listed !== undefined && { listed }),
    };
    return {
      id: assessmentId({ address, unit, endpoint, ...ages }),
      address,
      unit,
      endpoints,
      ingestedAtMs: item.ingested_at,
      latestMs,
      assessment,
      ...stamp,
      connections: rows.map(({ row, kinds }) => decodeRow(row, address, kinds, context)),
    };
  });
}

/**
 * Reads the scoring inputs: each distinct input that a unit's assessments of an address cover.
 *
 * @param items of one address and unit
 * @throws Error if an item is not what this version writes
 */
export function readScorings(items: readonly AddressItem[]): StoredScoring[] {
  return assessedIn(items).flatMap((assessed) =>
    byEndpoint(assessed).map(({ endpoint }) => scoringOf(assessed, endpoint)),
  );
}

/** Reads scorings as `readScorings` does, each with its connections. */
export function readScoredConnections(
  items: readonly AddressItem[],
): { readonly scoring: StoredScoring; readonly connections: readonly ConnectionRecord[] }[] {
  return assessedIn(items).flatMap((assessed) => {
    const { address } = assessed.name;
    const {
      report_age_days: _age,
      activity: _activity,
      detections: _detections,
      ...context
    } = assessed.assessment.input;
    return byEndpoint(assessed).map(({ endpoint, rows }) => ({
      scoring: scoringOf(assessed, endpoint),
      connections: rows.map(({ row, kinds }) => decodeRow(row, address, kinds, context)),
    }));
  });
}

function scoringOf({ assessment, stamp }: Assessed, endpoint: Endpoint): StoredScoring {
  return { input: { ...endpoint, ...scoredInput(assessment) }, assessment, ...stamp };
}

function byEndpoint({ name, rows }: Assessed) {
  const endpoints = new Map<string, { readonly endpoint: Endpoint; readonly rows: Assessed['rows'] }>();
  for (const each of rows) {
    const endpoint = decodeEndpoint(each.row, name.address, each.kinds);
    const key = endpointName(endpoint, {});
    const known = endpoints.get(key);
    if (known === undefined) endpoints.set(key, { endpoint, rows: [each] });
    else known.rows.push(each);
  }
  return [...endpoints.values()];
}

interface Assessed {
  /** The first item that holds it. */
  readonly item: AddressItem;
  readonly name: AddressItemName;
  readonly stamp: { readonly settings?: SettingsStamp };
  readonly assessment: Assessment;
  readonly rows: { readonly row: Row; readonly kinds: readonly ConnectionKind[] }[];
}

function assessedIn(items: readonly AddressItem[]): Assessed[] {
  const assessed = new Map<string, Assessed>();
  for (const item of items) {
    const { kinds, verdicts } = readContent(item);
    for (const { connections, ...verdict } of verdicts) {
      const text = JSON.stringify(verdict);
      const known = assessed.get(text) ?? { ...openVerdict(item, verdict), rows: [] };
      assessed.set(text, known);
      for (const row of connections) known.rows.push({ row, kinds });
    }
  }
  return [...assessed.values()];
}

function openVerdict(item: AddressItem, verdict: Omit<StoredVerdict, 'connections'>): Omit<Assessed, 'rows'> {
  const name = parseAddressItemKey(item);
  if (name === undefined) throw new TypeError(`not the key of an address item: ${item.pk} ${item.sk}`);
  const stamp = item.settings === undefined ? undefined : readStamp(item.settings);
  return {
    item,
    name,
    stamp: stamp === undefined ? {} : { settings: stamp },
    assessment: wholeAssessment(verdict as Partial<Assessment>),
  };
}

/** Reads the content of an item, as it is stored. */
export function readContent(item: AddressItem): AddressContent {
  return JSON.parse(readText(item.content)) as AddressContent;
}
