import { type AddressPart, type AssessedConnections, layOutParts } from './address-parts.ts';
import type { Assessment } from './assessment.ts';
import type { ConnectionKind, Row } from './connection-rows.ts';
import { addressItemKey, type ItemKey } from './keys.ts';
import { type SettingsStamp, stampText } from './settings-stamp.ts';
import type { StoredText } from './stored-text.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** Everything that one storage unit says about one address. */
export interface AddressAssessments {
  readonly address: string;
  readonly unit: string;
  readonly ingestedAtMs: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** Time of the latest connection, epoch milliseconds. */
  readonly latestMs: number;
  /** The settings under which all of it was assessed. */
  readonly settings?: SettingsStamp | undefined;
  readonly kinds: readonly ConnectionKind[];
  readonly groups: readonly AssessedConnections[];
}

/** The item as the table holds it: what consumers read. */
export interface AddressItem extends ItemKey {
  readonly schema: number;
  readonly ingested_at: number;
  readonly expires_at: number;
  /** See `stampText`. */
  readonly settings?: string;
  /** The highest of its verdicts. */
  readonly threat_score: number;
  /** JSON of an `AddressContent`, compressed when it is written. */
  readonly content: StoredText;
}

/** The content of an item, apart from the attributes it can be found by. */
export interface AddressContent {
  readonly kinds: readonly ConnectionKind[];
  readonly verdicts: readonly StoredVerdict[];
}

/** An assessment, without empty or false fields, and the connections it covers. */
export type StoredVerdict = Partial<Assessment> & { readonly connections: readonly Row[] };

/** Lays out an address's assessments as items below DynamoDB's size limit. */
export function addressItems(assessed: AddressAssessments): AddressItem[] {
  return layOutParts(assessed.groups).map((part) => addressItem(assessed, part));
}

function addressItem(assessed: AddressAssessments, { groups, records }: AddressPart): AddressItem {
  const { ingestedAtMs, expiresAt, settings, kinds } = assessed;
  return {
    ...addressItemKey({ ...assessed, records }),
    schema: SCHEMA_VERSION,
    ingested_at: ingestedAtMs,
    expires_at: expiresAt,
    ...(settings !== undefined && { settings: stampText(settings) }),
    threat_score: Math.max(...groups.map(({ assessment }) => assessment.threat_score)),
    content: contentText(kinds, groups),
  };
}

/** JSON of an `AddressContent`, from parts that are already JSON. */
function contentText(kinds: readonly ConnectionKind[], groups: readonly AssessedConnections[]): string {
  const verdicts = groups.map(
    ({ text, rows }) => `${text.slice(0, -1)},"connections":[${rows.map((row) => row.text).join(',')}]}`,
  );
  return `{"kinds":${JSON.stringify(kinds)},"verdicts":[${verdicts.join(',')}]}`;
}
