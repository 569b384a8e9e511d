/** An invalid entry of a body. */
export interface InvalidEntry {
  /** Its index among the body's entries, from 0. */
  readonly index: number;
  readonly text: string;
}

/** A body with its expected result, known from its construction and not from parsing it. */
export interface SentBody {
  /** The content hash of the body, under which it is stored. */
  readonly unit: string;
  readonly text: string;
  /** Its kind, for reports. */
  readonly shape: string;
  /** Entries of all kinds. */
  readonly records: number;
  /** The remote address of each distinct valid record, by canonical text. */
  readonly distinct: ReadonlyMap<string, string>;
  readonly duplicates: number;
  readonly invalid: readonly InvalidEntry[];
  /** The body holds no object, so it is rejected as a whole. */
  readonly isRejectedWhole: boolean;
}

/** A message as SQS keeps it. */
export interface SentMessage {
  readonly id: string;
  readonly body: SentBody;
  readonly sentAtMs: number;
  /** Its original id and time, if our command redrove it from the dead-letter queue. */
  readonly origin?: { readonly messageId: string; readonly sentAtMs: number };
}

/** Stays the same for all deliveries of a message. */
export function originOf({ origin, id, sentAtMs }: SentMessage): NonNullable<SentMessage['origin']> {
  return origin ?? { messageId: id, sentAtMs };
}

/** See docs/storage.md: a message with this many entries is a unit by itself. */
const PACKED_ENTRIES = 64;

export function isPacked({ records }: SentBody): boolean {
  return records >= PACKED_ENTRIES;
}

/** The minute that a small message is stored under. */
export function minuteOf(message: SentMessage): number {
  return Math.floor(originOf(message).sentAtMs / 60_000);
}
