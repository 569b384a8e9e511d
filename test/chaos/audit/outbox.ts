import type { Discrepancies } from './discrepancies.ts';
import { plain, type WireItem } from './stored-form.ts';

const KNOWN_SCHEMA = 4;
const DAY_MS = 86_400_000;

interface Announcement {
  readonly kind: string;
  readonly uid: string;
  readonly observedAtMs: number;
}

/**
 * Everything that was ever in the outbox. A sender may read it at any moment, so an entry may have been sent even if it
 * was overwritten later.
 */
export class Outbox {
  /** By address, then by announcement id. */
  readonly #seen = new Map<string, Map<string, Announcement>>();

  /** Records an item that was written. */
  add(item: WireItem): void {
    const address = addressOf(item);
    if (address === undefined) return;
    const seen = this.#seen.get(address) ?? new Map<string, Announcement>();
    this.#seen.set(address, seen);
    for (const announcement of pendingIn(item)) seen.set(announcement.uid, announcement);
  }

  /**
   * Checks that nothing was decided twice within a day. Nothing is sent here, so every decision must still be in the
   * outbox.
   */
  audit(table: Iterable<WireItem>, discrepancies: Discrepancies): void {
    const waiting = new Set<string>();
    for (const item of table) {
      if (addressOf(item) === undefined) continue;
      for (const { uid } of pendingIn(item)) waiting.add(uid);
    }
    for (const [address, seen] of this.#seen) {
      for (const uid of seen.keys()) if (!waiting.has(uid)) discrepancies.add('a decision is lost', uid);
      for (const [kind, own] of Map.groupBy(seen.values(), (each) => each.kind)) {
        const times = own.map(({ observedAtMs }) => observedAtMs).sort((a, b) => a - b);
        if (times.some((time, place) => place > 0 && time - (times[place - 1] ?? 0) < DAY_MS))
          discrepancies.add('decided twice', `${address} ${kind} ${times.join(' ')}`);
      }
    }
  }
}

/** @returns undefined for an item that is not about announcements, or of another version */
function addressOf(item: WireItem): string | undefined {
  if (Number(plain(item.schema)) !== KNOWN_SCHEMA) return undefined;
  const [kind, address] = String(plain(item.pk)).split('#');
  return kind === 'announced' ? address : undefined;
}

function pendingIn(item: WireItem): Announcement[] {
  const pending = (plain(item.pending) ?? []) as readonly { readonly text: string }[];
  return pending.map(({ text }) => JSON.parse(text) as Announcement);
}
