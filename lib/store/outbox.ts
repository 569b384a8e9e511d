import type { Patience } from '../aws/retry.ts';
import { type Announced, getAnnounced, replaceAnnounced } from './announced.ts';
import { type ItemKey, outboxPartitions, subjectOfAnnounced } from './keys.ts';
import { mergeNewestFirst } from './merge-newest-first.ts';
import { query } from './query.ts';
import type { TableAccess } from './table-access.ts';
import { TIME_INDEX } from './table-schema.ts';

interface OutboxEntry extends ItemKey {
  readonly ingested_at: number;
}

const SUBJECTS_AT_ONCE = 100;

/**
 * Reads what is still to be sent, by subject, longest waiting first. What was just sent may still show, and what was
 * just decided may not show yet, since an index lags behind its table.
 */
export async function* readOutbox(table: TableAccess): AsyncGenerator<Announced> {
  let subjects: string[] = [];
  for await (const key of oldestFirst(table)) {
    if (subjects.push(subjectOfAnnounced(key)) < SUBJECTS_AT_ONCE) continue;
    yield* pendingOf(table, subjects);
    subjects = [];
  }
  yield* pendingOf(table, subjects);
}

/** @returns when the oldest announcement still to be sent was decided, epoch milliseconds */
export async function oldestInOutbox(table: TableAccess): Promise<number | undefined> {
  for await (const { ingested_at } of oldestFirst(table)) return ingested_at;
  return undefined;
}

function oldestFirst(table: TableAccess): AsyncGenerator<OutboxEntry> {
  const shards = outboxPartitions().map((partition) =>
    query<OutboxEntry>(table, {
      IndexName: TIME_INDEX.name,
      KeyConditionExpression: `${TIME_INDEX.partitionKey} = :partition`,
      ExpressionAttributeValues: { ':partition': partition },
      ScanIndexForward: true,
    }),
  );
  return mergeNewestFirst(shards, ({ ingested_at }) => -ingested_at);
}

async function* pendingOf(table: TableAccess, subjects: readonly string[]): AsyncGenerator<Announced> {
  const found = await getAnnounced(table, subjects, { isConsistent: true });
  for (const subject of subjects) {
    const announced = found.get(subject);
    if (announced !== undefined && announced.pending.length > 0) yield announced;
  }
}

/**
 * Removes sent announcements from the outbox. Announcements decided since it was read stay in it.
 *
 * @param read as it was read from the outbox
 * @param sent uids of the announcements that were sent
 * @throws {ServiceError} if it is not certain to be done: they are then sent once more
 */
export async function removeSent(
  table: TableAccess,
  read: Announced,
  sent: ReadonlySet<string>,
  patience: Patience,
): Promise<void> {
  let current: Announced | undefined = read;
  while (current?.pending.some(({ uid }) => sent.has(uid))) {
    const pending = current.pending.filter(({ uid }) => !sent.has(uid));
    if (await replaceAnnounced(table, { ...current, pending }, patience)) return;
    const found = await getAnnounced(table, [read.subject], {
      isConsistent: true,
      deadlineMs: patience.deadlineMs,
      ...(patience.now && { now: patience.now }),
    });
    current = found.get(read.subject);
  }
}
