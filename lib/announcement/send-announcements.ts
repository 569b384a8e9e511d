import { type BusEntry, entryBytes, fitsRequest } from '../aws/put-events.ts';
import type { Patience, Undone } from '../aws/retry.ts';
import type { Announced, PendingAnnouncement } from '../store/announced.ts';
import { oldestInOutbox, readOutbox, removeSent } from '../store/outbox.ts';
import type { TableAccess } from '../store/table-access.ts';
import { readAnnouncement } from './announcement.ts';
import type { AnnouncementSettings } from './announcement-settings.ts';
import { toBusEntry } from './bus-entry.ts';
import { closeHours } from './close-hours.ts';
import { HourAccounts, hourOf } from './hour-account.ts';

export interface SendOptions {
  readonly table: TableAccess;
  /** Puts events on the bus; returns those that could not be put. */
  readonly put: (entries: readonly BusEntry[], patience: Patience) => Promise<readonly Undone<BusEntry>[]>;
  /** Name or ARN of the bus. */
  readonly bus: string;
  /** Name of the deployment. */
  readonly environment: string;
  readonly settings: Pick<AnnouncementSettings, 'kinds' | 'mostPerHour'>;
  /** No hour from this one on is known to have its digest decided: the result of an earlier call. */
  readonly openFromMs: number | undefined;
  readonly patience: Patience;
  readonly now?: () => number;
}

export interface SendOutcome {
  readonly sent: number;
  /** Announcements that stay in the outbox, by reason. */
  readonly failed: ReadonlyMap<string, number>;
  /** Announcements above the hourly limit, which the digest counts. */
  readonly heldBack: number;
  /** Announcements of another version of the code. */
  readonly unreadable: number;
  /** Age of the oldest unsent announcement, milliseconds; 0 if there is none. */
  readonly oldestMs: number;
  readonly openFromMs: number | undefined;
}

/** Time reserved for the end, milliseconds. */
const END_MS = 2_000;
/** Batches of announcements, a request each, processed at the same time. */
const BATCHES_AT_ONCE = 4;

/** An announcement being sent. */
interface Outgoing {
  readonly from: Announced;
  readonly pending: PendingAnnouncement;
  readonly entry: BusEntry;
  readonly isCounted: boolean;
}

/**
 * Sends the outbox, oldest first, and decides the digests of hours that are over. An announcement leaves the outbox
 * only once it is on the bus: if the process is killed at any point, it stays there and is sent again with the same
 * uid. One that fails stays, and does not delay others.
 *
 * ```
 * reserve in the hour's account -> put on the bus -> remove from the outbox
 * ```
 *
 * @throws {ServiceError} if the table can't be read or written
 */
export async function sendAnnouncements(options: SendOptions): Promise<SendOutcome> {
  const { table, settings, patience, now = Date.now } = options;
  const accounts = new HourAccounts(table);
  const sender = new Sender(options, accounts);
  const openFromMs = settings.kinds.includes('digest')
    ? await closeHours({ table, accounts, openFromMs: options.openFromMs, nowMs: now(), patience })
    : options.openFromMs;
  for await (const announced of readOutbox(table)) {
    await sender.add(announced);
    if (now() > patience.deadlineMs - END_MS) break;
  }
  await sender.flush();
  const oldest = await oldestInOutbox(table);
  return {
    ...sender.outcome,
    oldestMs: oldest === undefined ? 0 : Math.max(0, now() - oldest),
    openFromMs,
  };
}

/** Collects announcements until there are enough for several requests. */
class Sender {
  readonly #options: SendOptions;
  readonly #accounts: HourAccounts;
  #batches: Outgoing[][] = [];
  #size = { entries: 0, bytes: 0 };
  #sent = 0;
  #heldBack = 0;
  #unreadable = 0;
  readonly #failed = new Map<string, number>();

  constructor(options: SendOptions, accounts: HourAccounts) {
    this.#options = options;
    this.#accounts = accounts;
  }

  get outcome() {
    return {
      sent: this.#sent,
      failed: this.#failed,
      heldBack: this.#heldBack,
      unreadable: this.#unreadable,
    };
  }

  async add(from: Announced): Promise<void> {
    const { table, settings, patience } = this.#options;
    const unwanted = new Set<string>();
    for (const pending of from.pending) {
      const announcement = readAnnouncement(pending.text);
      if (announcement === undefined) {
        this.#unreadable++;
        continue;
      }
      // The label command does not know what the environment announces.
      if (announcement.kind === 'cleared' && !settings.kinds.includes('cleared')) {
        unwanted.add(pending.uid);
        continue;
      }
      const entry = toBusEntry(announcement, this.#options.bus, this.#options.environment);
      await this.#collect({ from, pending, entry, isCounted: announcement.kind !== 'digest' });
    }
    if (unwanted.size > 0) await removeSent(table, from, unwanted, patience);
  }

  async flush(): Promise<void> {
    const batches = this.#batches;
    this.#batches = [];
    this.#size = { entries: 0, bytes: 0 };
    const outgoing = batches.flat();
    if (outgoing.length === 0) return;
    const { allowed, heldBack } = await this.#reserve(outgoing);
    const put = batches
      .map((batch) => batch.filter((each) => allowed.has(each)))
      .filter((batch) => batch.length > 0)
      .map((batch) => this.#put(batch));
    const done = [...heldBack, ...(await Promise.all(put)).flat()];
    await this.#remove(done);
    this.#heldBack += heldBack.length;
  }

  async #collect(outgoing: Outgoing): Promise<void> {
    const last = this.#batches.at(-1);
    if (last !== undefined && fitsRequest(this.#size, outgoing.entry)) {
      last.push(outgoing);
      this.#size.entries++;
      this.#size.bytes += entryBytes(outgoing.entry);
      return;
    }
    if (this.#batches.length === BATCHES_AT_ONCE) await this.flush();
    this.#batches.push([outgoing]);
    this.#size = { entries: 1, bytes: entryBytes(outgoing.entry) };
  }

  /** Counts announcements in the accounts of the hours in which they were decided. */
  async #reserve(outgoing: readonly Outgoing[]) {
    const { settings, patience } = this.#options;
    const allowed = new Set(outgoing.filter(({ isCounted }) => !isCounted));
    const heldBack: Outgoing[] = [];
    for (const [hourMs, ofHour] of byHour(outgoing.filter(({ isCounted }) => isCounted))) {
      const granted = await this.#accounts.reserve(hourMs, ofHour.length, settings.mostPerHour, patience);
      for (const each of ofHour.slice(0, granted)) allowed.add(each);
      heldBack.push(...ofHour.slice(granted));
    }
    return { allowed, heldBack };
  }

  /** @returns those that are on the bus */
  async #put(batch: readonly Outgoing[]): Promise<readonly Outgoing[]> {
    const { put, patience } = this.#options;
    const undone = await put(
      batch.map(({ entry }) => entry),
      patience,
    );
    const reasons = new Map(undone.map(({ element, error }) => [element, error.message]));
    const failed = batch.filter(({ entry }) => reasons.has(entry));
    for (const { entry } of failed) {
      const reason = reasons.get(entry) ?? '';
      this.#failed.set(reason, (this.#failed.get(reason) ?? 0) + 1);
    }
    for (const [hourMs, ofHour] of byHour(failed.filter(({ isCounted }) => isCounted))) {
      await this.#accounts.release(hourMs, ofHour.length, patience);
    }
    const sent = batch.filter(({ entry }) => !reasons.has(entry));
    this.#sent += sent.length;
    return sent;
  }

  async #remove(done: readonly Outgoing[]): Promise<void> {
    const { table, patience } = this.#options;
    const bySubject = Map.groupBy(done, ({ from }) => from);
    const removals = [...bySubject].map(([from, each]) =>
      removeSent(table, from, new Set(each.map(({ pending }) => pending.uid)), patience),
    );
    await Promise.all(removals);
  }
}

function byHour(outgoing: readonly Outgoing[]): Map<number, Outgoing[]> {
  return Map.groupBy(outgoing, ({ pending }) => hourOf(pending.decidedAtMs));
}
