import { contentHash } from '../records/content-hash.ts';
import type { Assessment } from './assessment.ts';

/** Bytes of content at which an item is split; DynamoDB's limit is 400 KB, names and overhead included. */
const MAX_CONTENT_BYTES = 360_000;

/** A connection to be placed in an item. */
export interface PlacedRow {
  /** The connection as the item holds it; see `encodeRow`. */
  readonly text: string;
  /** The record's canonical text, which is its identity. */
  readonly canonical: string;
  /** Position among the connections of its address and unit, which are in canonical order. */
  readonly place: number;
}

/** An assessment with the connections it covers, in canonical order. */
export interface AssessedConnections {
  readonly assessment: Assessment;
  /** See `assessmentText`. */
  readonly text: string;
  readonly rows: readonly PlacedRow[];
}

/** The content of one item. */
export interface AddressPart {
  readonly groups: readonly AssessedConnections[];
  /** See `recordsHash`. */
  readonly records: string;
}

/** Fills one part after the other; an assessment whose rows span several parts is repeated in each of them. */
export function layOutParts(
  groups: readonly AssessedConnections[],
  maxContentBytes = MAX_CONTENT_BYTES,
): AddressPart[] {
  const parts: AssessedConnections[][] = [[]];
  let size = 0;
  for (const group of groups) {
    const overhead = Buffer.byteLength(group.text);
    let rows: PlacedRow[] = [];
    const close = () => {
      if (rows.length > 0) parts.at(-1)?.push({ ...group, rows });
      rows = [];
    };
    size += overhead;
    for (const row of group.rows) {
      const rowSize = Buffer.byteLength(row.text) + 1;
      if (size + rowSize > maxContentBytes && size > overhead) {
        close();
        parts.push([]);
        size = overhead;
      }
      rows.push(row);
      size += rowSize;
    }
    close();
  }
  return parts.map((part) => ({ groups: part, records: recordsHash(part) }));
}

/**
 * Commits to the records of a part: a hash of their canonical texts in canonical order, one per line. However verdicts
 * divide and order the rows, the same records have the same hash, and different records a different one.
 */
function recordsHash(groups: readonly AssessedConnections[]): string {
  const [only, ...others] = groups;
  // Rows of one verdict are already in order.
  const rows = others.length === 0 ? (only?.rows ?? []) : groups.flatMap((group) => group.rows).sort(byPlace);
  let text = '';
  for (const { canonical } of rows) text += text === '' ? canonical : `\n${canonical}`;
  return contentHash(text);
}

function byPlace(a: PlacedRow, b: PlacedRow): number {
  return a.place - b.place;
}
