import type { InvalidEntry } from '../../logs/log-entry.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import { NOTHING, type Totals } from '../../logs/totals.ts';
import { grouped } from '../../statistics/count-text.ts';

export function skippedIn({ skipped }: Pick<Totals, 'skipped'>): number {
  return Object.values(skipped).reduce((sum, amount) => sum + amount, 0);
}

/** Skipped entries by kind, most frequent first: `745 alert, 680 dns`. */
export function kindsOf(skipped: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(skipped).sort(([, a], [, b]) => b - a);
  return kinds.map(([kind, amount]) => `${grouped(amount)} ${kind}`).join(', ');
}

/** Number of invalid entries kept for display. */
export const INVALID_SHOWN = 10;

/** The state of a push; also current if the push fails. */
export class PushState {
  totals: Totals = NOTHING;
  requests = 0;
  /** Entries that an earlier push has handled. */
  resumedAfter = 0;
  /** Records accepted by the queue in this push, including those of incomplete windows. */
  accepted = 0;
  /** Records sent by this push and covered by the checkpoint. */
  covered = 0;
  format: LogFormat = 'json';
  unit = 'line';
  /** The first invalid entries. */
  readonly invalid: InvalidEntry[] = [];
}
