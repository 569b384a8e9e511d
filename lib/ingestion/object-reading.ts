import { sendRejections } from '../assessment/rejected-queue.ts';
import { numberAttribute, stringAttribute } from '../aws/message-attributes.ts';
import type { QueuedBody } from '../aws/send-messages.ts';
import { InputError } from '../logs/input-error.ts';
import type { Log } from '../logs/log.ts';
import { ReadableEntries } from '../logs/readable-entries.ts';
import type { ResumePoint } from '../logs/resume-point.ts';
import { addTotals } from '../logs/totals.ts';
import { type Window, windowsOf } from '../logs/windows.ts';
import { contentHash } from '../records/content-hash.ts';
import { PACKED_ENTRIES } from '../records/packed-entries.ts';
import type { LogObject, ObjectProgress } from '../store/log-object.ts';
import { type PushedWindow, pushWindows } from './push-windows.ts';
import type { ReadObjectOptions } from './read-options.ts';

/** How often progress is saved: at most this much is read again after a crash. */
const SAVE_EVERY_MS = 20_000;

export type SliceEnd =
  /** The whole object was read. */
  | 'all'
  /** There may be more. */
  | 'time';

/**
 * Reads an object from its saved progress on, window by window: records go to the work queue, invalid entries to the
 * rejected queue. The messages depend only on the object and the packer, so reading the same object again sends the
 * same messages:
 * - a message large enough to be a storage unit is identified by its content;
 * - a smaller one is identified by the object and its number in it, under the time of the object's notification.
 */
export class ObjectReading {
  readonly #object: LogObject;
  readonly #log: Log;
  readonly #options: ReadObjectOptions;
  readonly #save: (progress: ObjectProgress) => Promise<void>;
  #progress: ObjectProgress;
  /** Where to resume after each window that is being sent, in order. */
  readonly #resumePoints: (ResumePoint | undefined)[] = [];
  #savedAtMs: number;
  #end: SliceEnd = 'all';

  /** @param save saves progress, and throws if the lease is lost */
  constructor(
    object: LogObject,
    log: Log,
    options: ReadObjectOptions,
    save: (progress: ObjectProgress) => Promise<void>,
  ) {
    this.#object = object;
    this.#log = log;
    this.#options = options;
    this.#save = save;
    this.#progress = object.progress;
    this.#savedAtMs = options.now();
  }

  /** Everything before this place was sent. */
  get progress(): ObjectProgress {
    return this.#progress;
  }

  /**
   * Reads until the object or the time slice ends.
   *
   * @throws {InputDamagedError} if only part of it can be read; everything before the damage was sent
   * @throws {InputError} if it holds no connections
   * @throws {ServiceError} if something could not be sent
   */
  async run(): Promise<SliceEnd> {
    const { workQueue, slice } = this.#options;
    const readable = new ReadableEntries(this.#log.entries);
    const { messages } = this.#progress.counts;
    await pushWindows(workQueue, this.#windows(readable), {
      onWindow: (window) => this.#settle(window),
      // One group per object, so that a large object does not delay the others (SQS fair queues).
      messageGroup: this.#object.id,
      attributesOf: ({ records }, ordinal) =>
        records.length < PACKED_ENTRIES ? this.#originOf(messages + ordinal) : undefined,
      deadlineMs: slice.deadlineMs,
    });
    if (readable.damage !== undefined) throw readable.damage;
    return this.#end;
  }

  async *#windows(readable: ReadableEntries): AsyncGenerator<Window> {
    const { isLocal, windowSize, slice, now } = this.#options;
    const { position, entries } = this.#object.progress;
    const windows = windowsOf(readable, {
      isLocal,
      size: windowSize,
      from: { position, entries },
      isDoubtful: () => readable.isDoubtful,
    });
    for await (const window of windows) {
      if (position === 0 && this.#progress.counts.read === 0) refuseNonsense(window);
      this.#resumePoints.push(this.#log.resumeAt?.(window.endPosition));
      await this.#reject(window);
      yield window;
      if (now() - this.#savedAtMs >= SAVE_EVERY_MS) {
        await this.#save(this.#progress);
        this.#savedAtMs = now();
      }
      if (now() >= slice.endMs) {
        this.#end = 'time';
        return;
      }
    }
  }

  /** Sent before the window counts as done, since `rejected` is at least once. */
  async #reject({ invalid }: Window): Promise<void> {
    const { rejectedQueue, slice, now } = this.#options;
    const { id, bucket, key, versionId, etag } = this.#object;
    const rejections = invalid.map(({ position, text, reason }) => ({
      scope: 'record' as const,
      messageId: id,
      index: position,
      text,
      reason,
      origin: { bucket, key, version: versionId ?? etag, unit: this.#log.unit, position },
    }));
    const failed = await sendRejections(rejectedQueue, rejections, { deadlineMs: slice.deadlineMs, now });
    for (const error of failed.values()) throw error;
  }

  #settle({ totals, entriesAtEnd }: PushedWindow): void {
    const { counts, position } = this.#progress;
    const { endPosition, ...sum } = addTotals({ ...counts, endPosition: position }, totals);
    const resume = this.#resumePoints.shift();
    this.#progress = { position: endPosition, entries: entriesAtEnd, counts: sum, ...(resume && { resume }) };
  }

  #originOf(ordinal: number): QueuedBody['attributes'] {
    return {
      source_message_id: stringAttribute(contentHash(`${this.#object.id}/${ordinal}`)),
      sent_at: numberAttribute(this.#object.notifiedAtMs),
    };
  }
}

/** @throws {InputError} if a log begins with thousands of lines that are all invalid */
function refuseNonsense({ records, skipped, invalid }: Window): void {
  const [first] = invalid;
  if (first === undefined || records.length > 0 || skipped.size > 0) return;
  throw new InputError(
    `none of its first ${invalid.length} entries is a connection; ${first.position}: ${first.reason}`,
  );
}
