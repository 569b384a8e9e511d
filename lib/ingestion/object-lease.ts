import type { LogObject } from '../store/log-object.ts';
import { type ObjectUpdate, updateObject } from '../store/update-object.ts';
import type { ReadObjectOptions } from './read-options.ts';

/** Another invocation has taken the object over. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  readonly code = 'LEASE_LOST';
}

/** The longest time a save may take; the deadline leaves room for it. */
const NOTE_MS = 5_000;

/** A lease on an object: exclusive until it ends. */
export class ObjectLease {
  readonly object: LogObject;
  readonly #options: Pick<ReadObjectOptions, 'table' | 'slice' | 'now'>;

  constructor(object: LogObject, options: Pick<ReadObjectOptions, 'table' | 'slice' | 'now'>) {
    this.object = object;
    this.#options = options;
  }

  /**
   * Saves the object's state.
   *
   * @throws {LeaseLostError}
   * @throws {ServiceError}
   */
  async note(update: ObjectUpdate): Promise<void> {
    const { table, slice, now } = this.#options;
    // The final save may use the time reserved after the deadline.
    const patience = { deadlineMs: Math.max(slice.deadlineMs, now() + NOTE_MS), now };
    if (!(await updateObject(table, this.object, slice.owner, update, patience))) {
      throw new LeaseLostError('another invocation has taken the object over');
    }
  }
}
