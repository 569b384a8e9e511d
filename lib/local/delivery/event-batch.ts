import { ENVELOPE_BYTES } from './sqs-event.ts';

/** Lambda's limit for the event of a synchronous invocation: 6 MB. */
export const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/** A received message, with the JSON of its record in the event. */
export interface BatchEntry {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly recordJson: string;
}

/** Collects messages up to the batch size or the event's size limit, whichever is reached first. */
export class EventBatch {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #entries: BatchEntry[] = [];
  #bytes = ENVELOPE_BYTES;

  constructor(maxEntries: number, maxBytes: number = MAX_EVENT_BYTES) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get entries(): readonly BatchEntry[] {
    return this.#entries;
  }

  /** How many more messages the batch size allows. */
  get room(): number {
    return this.#maxEntries - this.#entries.length;
  }

  /**
   * Adds an entry unless it would exceed a limit; then it belongs to the next batch. The first entry is added whatever
   * its size, since no other batch would fit it better.
   */
  tryAdd(entry: BatchEntry): boolean {
    // The separator is counted for the first entry too: one byte too many is simpler than a special case.
    const bytes = Buffer.byteLength(entry.recordJson) + 1;
    const fits = this.room > 0 && this.#bytes + bytes <= this.#maxBytes;
    if (!fits && this.#entries.length > 0) return false;
    this.#entries.push(entry);
    this.#bytes += bytes;
    return true;
  }
}
