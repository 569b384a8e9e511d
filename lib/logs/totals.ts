/** Progress of reading and sending a log. */
export interface Totals {
  /** Entries read: sent, skipped and invalid together. */
  readonly read: number;
  /** Position of the last of them in the input. */
  readonly endPosition: number;
  /** Entries that are not connections, by kind. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly invalid: number;
  /** Records sent to the queue. */
  readonly sent: number;
  readonly messages: number;
  /** Total size of message bodies. */
  readonly bytes: number;
}

export const NOTHING: Totals = {
  read: 0,
  endPosition: 0,
  skipped: {},
  invalid: 0,
  sent: 0,
  messages: 0,
  bytes: 0,
};

/** A log has a handful of kinds; more only come from input that is not a log. */
const MAX_KINDS = 50;
const OTHER = 'other';

export function countKind(counts: Map<string, number>, kind: string, amount: number): void {
  const key = counts.has(kind) || counts.size < MAX_KINDS ? kind : OTHER;
  counts.set(key, (counts.get(key) ?? 0) + amount);
}

/** Adds up totals, where the second continues the first. */
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
