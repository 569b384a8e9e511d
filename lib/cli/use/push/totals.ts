import type { Totals } from '../../results/push-state.ts';

/** A log has a handful; more come only from what is no log. */
const MAX_KINDS = 50;
const OTHER = 'other';

export function countKind(counts: Map<string, number>, kind: string, amount: number): void {
  const key = counts.has(kind) || counts.size < MAX_KINDS ? kind : OTHER;
  counts.set(key, (counts.get(key) ?? 0) + amount);
}

/** Adds up, where the second goes on from the first. */
export function addTotals(before: Totals, more: Totals): Totals {
  const skipped = new Map(Object.entries(before.skipped));
  for (const [kind, amount] of Object.entries(more.skipped)) countKind(skipped, kind, amount);
  return {
    read: before.read + more.read,
    endPosition: more.endPosition,
    skipped: Object.fromEntries(skipped),
    invalid: before.invalid + more.invalid,
    sent: before.sent + more.sent,
    messages: before.messages + more.messages,
    bytes: before.bytes + more.bytes,
  };
}
