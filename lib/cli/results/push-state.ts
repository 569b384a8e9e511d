import type { InvalidEntry } from '../../logs/log-entry.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import { NOTHING, type Totals } from '../../logs/totals.ts';
import { grouped } from '../../statistics/count-text.ts';

export function skippedIn({ skipped }: Pick<Totals, 'skipped'>): number {
  return Object.values(skipped).reduce((sum, amount) => sum + amount, 0);
}

/** What was skipped, most of it first: `745 alert, 680 dns`. */
export function kindsOf(skipped: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(skipped).sort(([, a], [, b]) => b - a);
  return kinds.map(([kind, amount]) => `${grouped(amount)} ${kind}`).join(', ');
}

/** How many invalid entries are kept to be shown. */
export const INVALID_SHOWN = 10;

/** The state of a push, up to date also when it fails. */
export class PushState {
  totals: Totals = NOTHING;
  requests = 0;
  /** Entries that an earlier push has dealt with. */
  resumedAfter = 0;
  /** Records that the queue has taken from this push, also those of windows that are not complete. */
  accepted = 0;
  /** Records that this push has sent and the checkpoint covers. */
  covered = 0;
  format: LogFormat = 'json';
  unit = 'line';
  /** The first invalid entries. */
  readonly invalid: InvalidEntry[] = [];
}
