import type { ObjectCounts, ObjectState } from '../store/log-object.ts';

/** What came of an object, with what this invocation read of it. */
export type ObjectOutcome = {
  readonly read: ObjectCounts;
  /** Bytes of the object that were fetched. */
  readonly fetchedBytes: number;
} & (
  | { readonly kind: 'done'; readonly total: ObjectCounts }
  /** Another invocation goes on. */
  | { readonly kind: 'continued' }
  | { readonly kind: 'replaced' }
  /** There was nothing to do: it was read, or can't be. */
  | { readonly kind: 'passed'; readonly why: ObjectState }
  /** It was put aside. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The notification is to be delivered again. */
  | { readonly kind: 'again'; readonly reason: string; readonly defect?: unknown }
);

/** An outcome before it is said what was read. */
export type Ending = ObjectOutcome extends infer Outcome
  ? Outcome extends ObjectOutcome
    ? Omit<Outcome, 'read' | 'fetchedBytes'>
    : never
  : never;

/** What was read between two counts of an object. */
export function countsSince(before: ObjectCounts, now: ObjectCounts): ObjectCounts {
  const skipped = Object.entries(now.skipped).map(([kind, count]): [string, number] => [
    kind,
    count - (before.skipped[kind] ?? 0),
  ]);
  return {
    read: now.read - before.read,
    sent: now.sent - before.sent,
    invalid: now.invalid - before.invalid,
    skipped: Object.fromEntries(skipped.filter(([, count]) => count > 0)),
    messages: now.messages - before.messages,
    bytes: now.bytes - before.bytes,
  };
}
