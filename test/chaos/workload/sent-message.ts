/** An entry of a body that is no valid record. */
export interface InvalidEntry {
  /** Its place among the body's entries, from 0. */
  readonly index: number;
  readonly text: string;
}

/** A body with what it must come to, known from how it was made and not from reading it. */
export interface SentBody {
  /** The content hash of the body: what is stored of it is found by this. */
  readonly unit: string;
  readonly text: string;
  /** How it was made, for reports. */
  readonly shape: string;
  /** Entries of all kinds. */
  readonly records: number;
  /** The remote address of each distinct valid record, by the record's canonical text. */
  readonly distinct: ReadonlyMap<string, string>;
  readonly duplicates: number;
  readonly invalid: readonly InvalidEntry[];
  /** Nothing in the body is an object, so that it is rejected as a whole. */
  readonly isRejectedWhole: boolean;
}

/** A message as SQS keeps it. */
export interface SentMessage {
  readonly id: string;
  readonly body: SentBody;
  readonly sentAtMs: number;
  /** What it was at first, where our own command sent it again out of the dead-letter queue. */
  readonly origin?: { readonly messageId: string; readonly sentAtMs: number };
}

/** What stays the same for all deliveries of a message. */
export function originOf({ origin, id, sentAtMs }: SentMessage): NonNullable<SentMessage['origin']> {
  return origin ?? { messageId: id, sentAtMs };
}

/** As docs/storage.md says: a message of so many entries is a unit by itself. */
const PACKED_ENTRIES = 64;

export function isPacked({ records }: SentBody): boolean {
  return records >= PACKED_ENTRIES;
}

/** The minute that a small message is stored by. */
export function minuteOf(message: SentMessage): number {
  return Math.floor(originOf(message).sentAtMs / 60_000);
}
