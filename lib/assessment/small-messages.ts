import type { QueuedMessage } from './queued-message.ts';
import type { ReadBody } from './read-body.ts';

/**
 * Entries that are scored before they are written: with more of them, more share items and summaries, but their
 * verdicts wait for one another.
 */
const SMALL_ENTRIES = 500;

/** Collects small messages, which are scored and stored together. */
export class SmallMessages {
  #bodies: ReadBody[] = [];
  #entries = 0;
  #beganAtMs = 0;

  get isEmpty(): boolean {
    return this.#bodies.length === 0;
  }

  get isFull(): boolean {
    return this.#entries >= SMALL_ENTRIES;
  }

  /** @param beganAtMs when reading the body began */
  add(body: ReadBody, beganAtMs: number): void {
    if (this.#bodies.length === 0) this.#beganAtMs = beganAtMs;
    this.#bodies.push(body);
    this.#entries += body.entries * body.messages.length;
  }

  /** Returns the collected bodies, with the time at which work on them began, and clears the collection. */
  takeAll(): { readonly bodies: readonly ReadBody[]; readonly beganAtMs: number } {
    const bodies = this.#bodies;
    this.#bodies = [];
    this.#entries = 0;
    return { bodies, beganAtMs: this.#beganAtMs };
  }
}

/** Removes messages from a body. @returns no body if none is left */
export function withMessages(body: ReadBody, isWanted: (message: QueuedMessage) => boolean): ReadBody[] {
  const [first, ...others] = body.messages.filter(isWanted);
  if (first === undefined) return [];
  return [others.length + 1 === body.messages.length ? body : { ...body, messages: [first, ...others] }];
}
