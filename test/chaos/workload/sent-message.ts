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
}
