import type { LogObject } from '../store/log-object.ts';
import { type ObjectUpdate, updateObject } from '../store/update-object.ts';
import type { ReadObjectOptions } from './read-options.ts';

/** Somebody else has taken the object over. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  readonly code = 'LEASE_LOST';
}

/** The longest that a note may take; the deadline leaves room for it. */
const NOTE_MS = 5_000;

/** An object that one has to oneself, as long as one has. */
export class ObjectLease {
  readonly object: LogObject;
  readonly #options: Pick<ReadObjectOptions, 'table' | 'slice' | 'now'>;

  constructor(object: LogObject, options: Pick<ReadObjectOptions, 'table' | 'slice' | 'now'>) {
    this.object = object;
    this.#options = options;
  }

  /**
   * Notes what became of it.
   *
   * @throws {LeaseLostError}
   * @throws {ServiceError}
   */
  async note(update: ObjectUpdate): Promise<void> {
    const { table, slice, now } = this.#options;
    // What is noted last has the time that is kept back after the deadline.
    const patience = { deadlineMs: Math.max(slice.deadlineMs, now() + NOTE_MS), now };
    if (!(await updateObject(table, this.object, slice.owner, update, patience))) {
      throw new LeaseLostError('another invocation has taken the object over');
    }
  }
}
