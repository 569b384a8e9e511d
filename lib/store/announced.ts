import type { Patience } from '../aws/retry.ts';
import { announcedKey, type ItemKey, outboxBucket, subjectOfAnnounced } from './keys.ts';
import { putRevised } from './put-revised.ts';
import { type GetOptions, getItems } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/**
 * The announcements decided for a subject, and those still to be sent. Both are in one item, so that one conditional
 * write makes the decision and fills the outbox.
 */
export interface Announced {
  /** An address, or another subject of announcements. */
  readonly subject: string;
  /** JSON of the decisions; `lib/announcement` knows its form. */
  readonly decided: string;
  /** Announcements still to be sent, in the order of their decision. */
  readonly pending: readonly PendingAnnouncement[];
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** Number of writes so far; 0 if it was never written. */
  readonly revision: number;
}

export interface PendingAnnouncement {
  /** Stays the same however often the announcement is sent. */
  readonly uid: string;
  /** Epoch milliseconds. */
  readonly decidedAtMs: number;
  /** The announcement as JSON: see `readAnnouncement` in `lib/announcement`. */
  readonly text: string;
}

interface AnnouncedItem extends ItemKey {
  readonly schema: number;
  /** Set while something is to be sent; puts the item into the time index. */
  readonly time_bucket?: string;
  /** When the oldest pending announcement was decided, epoch milliseconds; the name is the time index's. */
  readonly ingested_at?: number;
  readonly expires_at: number;
  readonly revision: number;
  readonly decided: string;
  readonly pending?: readonly { readonly uid: string; readonly at: number; readonly text: string }[];
}

/**
 * Gets the announcement state of subjects; subjects without any are left out.
 *
 * @returns by subject
 * @throws {ServiceError}
 */
export async function getAnnounced(
  table: TableAccess,
  subjects: readonly string[],
  options: GetOptions = {},
): Promise<Map<string, Announced>> {
  const found = new Map<string, Announced>();
  for await (const item of getItems<AnnouncedItem>(table, subjects.map(announcedKey), options)) {
    const announced = readUnderstood(table, item, announcedOf);
    if (announced !== undefined) found.set(announced.subject, announced);
  }
  return found;
}

/**
 * Writes the announcement state of a subject.
 *
 * @param announced with the revision that was read, 0 if there was no item
 * @returns false if another writer has written it since
 * @throws {ServiceError}
 */
export function replaceAnnounced(
  table: TableAccess,
  announced: Announced,
  patience: Patience,
): Promise<boolean> {
  return putRevised(table, itemOf(announced), 'decide on an announcement', patience);
}

function itemOf({ subject, decided, pending, expiresAt, revision }: Announced): AnnouncedItem {
  return {
    ...announcedKey(subject),
    schema: SCHEMA_VERSION,
    expires_at: expiresAt,
    revision,
    decided,
    ...(pending.length > 0 && {
      time_bucket: outboxBucket(subject),
      ingested_at: Math.min(...pending.map(({ decidedAtMs }) => decidedAtMs)),
      pending: pending.map(({ uid, decidedAtMs, text }) => ({ uid, at: decidedAtMs, text })),
    }),
  };
}

/** @throws TypeError if it is not what this version writes */
function announcedOf(item: AnnouncedItem): Announced {
  const { decided, expires_at, revision, pending = [] } = item;
  if (typeof decided !== 'string' || !Number.isInteger(revision)) throw new TypeError('nothing announced');
  return {
    subject: subjectOfAnnounced(item),
    decided,
    pending: pending.map(({ uid, at, text }) => ({ uid, decidedAtMs: at, text })),
    expiresAt: expires_at,
    revision,
  };
}
