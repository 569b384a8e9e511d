import * as z from 'zod';
import type { Patience } from '../aws/retry.ts';
import { type Announced, getAnnounced, replaceAnnounced } from '../store/announced.ts';
import type { TableAccess } from '../store/table-access.ts';
import type { DigestAnnouncement } from './announcement.ts';
import { writeAnnouncement } from './announcement.ts';

export const HOUR_MS = 3_600_000;

/** Longer than announcements stay in the outbox, and than digests are made for past hours. */
const KEPT_MS = 3 * 24 * HOUR_MS;

const account = z.object({
  /** Announcements decided in the hour that were sent, or are being sent. */
  sent: z.int().min(0),
  /** Announcements above the hourly limit. */
  heldBack: z.int().min(0),
  /** Whether its digest was decided. */
  isClosed: z.boolean(),
});

export type HourAccount = z.output<typeof account>;

const EMPTY: HourAccount = { sent: 0, heldBack: 0, isClosed: false };

/** The start of the hour (UTC) that contains a time. */
export function hourOf(epochMs: number): number {
  return Math.floor(epochMs / HOUR_MS) * HOUR_MS;
}

/** Names an hour: `2026-11-27T14`. */
export function hourName(hourMs: number): string {
  return new Date(hourMs).toISOString().slice(0, 13);
}

/**
 * Counts the announcements of each hour. Several senders may run at the same time, so each changes an account only if
 * there was no other write since it was read.
 */
export class HourAccounts {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  /** Reads the accounts of hours, by their start; hours without one are empty. */
  async read(hoursMs: readonly number[]): Promise<Map<number, HourAccount>> {
    const found = await getAnnounced(this.#table, hoursMs.map(subjectOf), { isConsistent: true });
    return new Map(hoursMs.map((hourMs) => [hourMs, accountOf(found.get(subjectOf(hourMs)))]));
  }

  /**
   * Counts announcements of an hour before they are sent.
   *
   * @returns how many of them may be sent; the others are held back
   * @throws {ServiceError}
   */
  async reserve(hourMs: number, wanted: number, most: number, patience: Patience): Promise<number> {
    let granted = 0;
    await this.#change(hourMs, patience, ({ sent, ...rest }) => {
      granted = Math.max(0, Math.min(wanted, most - sent));
      return { ...rest, sent: sent + granted, heldBack: rest.heldBack + wanted - granted };
    });
    return granted;
  }

  /** Reverses the count of announcements that could not be sent. */
  async release(hourMs: number, count: number, patience: Patience): Promise<void> {
    await this.#change(hourMs, patience, ({ sent, ...rest }) => ({
      ...rest,
      sent: Math.max(0, sent - count),
    }));
  }

  /**
   * Closes an hour, and adds its digest to the outbox in the same write, so that it is decided once.
   *
   * @param digestFor makes the digest, given the number held back; undefined if there is nothing to report
   */
  async close(
    hourMs: number,
    digestFor: (heldBack: number) => DigestAnnouncement | undefined,
    patience: Patience,
  ): Promise<void> {
    await this.#change(
      hourMs,
      patience,
      (before) => (before.isClosed ? undefined : { ...before, isClosed: true }),
      ({ heldBack }) => {
        const digest = digestFor(heldBack);
        if (digest === undefined) return [];
        return [{ uid: digest.uid, decidedAtMs: digest.decidedAtMs, text: writeAnnouncement(digest) }];
      },
    );
  }

  async #change(
    hourMs: number,
    patience: Patience,
    change: (before: HourAccount) => HourAccount | undefined,
    addPending: (after: HourAccount) => Announced['pending'] = () => [],
  ): Promise<void> {
    const subject = subjectOf(hourMs);
    const { deadlineMs, now } = patience;
    const options = { isConsistent: true, deadlineMs, ...(now && { now }) };
    for (;;) {
      const read = (await getAnnounced(this.#table, [subject], options)).get(subject);
      const changed = change(accountOf(read));
      if (changed === undefined) return;
      const next: Announced = {
        subject,
        decided: JSON.stringify(changed),
        pending: [...(read?.pending ?? []), ...addPending(changed)],
        expiresAt: Math.ceil((hourMs + KEPT_MS) / 1_000),
        revision: read?.revision ?? 0,
      };
      if (await replaceAnnounced(this.#table, next, patience)) return;
    }
  }
}

function subjectOf(hourMs: number): string {
  return `hour/${hourName(hourMs)}`;
}

/** An account of another version starts again at zero: at worst slightly more than the limit is sent. */
function accountOf(announced: Announced | undefined): HourAccount {
  if (announced === undefined) return EMPTY;
  try {
    return account.parse(JSON.parse(announced.decided));
  } catch {
    return EMPTY;
  }
}
