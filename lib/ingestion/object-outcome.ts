import type { ObjectCounts, ObjectState } from '../store/log-object.ts';

/** Outcome of an object, with what this invocation read of it. */
export type ObjectOutcome = {
  readonly read: ObjectCounts;
  /** Bytes fetched from the object. */
  readonly fetchedBytes: number;
} & (
  | { readonly kind: 'done'; readonly total: ObjectCounts }
  /** Another invocation continues. */
  | { readonly kind: 'continued' }
  | { readonly kind: 'replaced' }
  /** Nothing to do: it has been read, or can't be. */
  | { readonly kind: 'passed'; readonly why: ObjectState }
  /** It went to the dead-letter queue. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The notification has to be delivered again. */
  | { readonly kind: 'again'; readonly reason: string; readonly defect?: unknown }
);

/** An outcome without the read counts. */
export type Ending = ObjectOutcome extends infer Outcome
  ? Outcome extends ObjectOutcome
    ? Omit<Outcome, 'read' | 'fetchedBytes'>
    : never
  : never;

/** The counts added between two states of an object. */
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
