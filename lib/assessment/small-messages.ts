import type { QueuedMessage } from './queued-message.ts';
import type { ReadBody } from './read-body.ts';

/**
 * Entries that are scored before they are written: more share items and summaries better, but their verdicts wait for
 * one another.
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

  /** @param beganAtMs when reading it began */
  add(body: ReadBody, beganAtMs: number): void {
    if (this.#bodies.length === 0) this.#beganAtMs = beganAtMs;
    this.#bodies.push(body);
    this.#entries += body.entries * body.messages.length;
  }

  /** Gives what was collected, with when work on it began, and begins with nothing. */
  takeAll(): { readonly bodies: readonly ReadBody[]; readonly beganAtMs: number } {
    const bodies = this.#bodies;
    this.#bodies = [];
    this.#entries = 0;
    return { bodies, beganAtMs: this.#beganAtMs };
  }
}

/** Leaves out messages of a body; without any, there is no body. */
export function withMessages(body: ReadBody, isWanted: (message: QueuedMessage) => boolean): ReadBody[] {
  const [first, ...others] = body.messages.filter(isWanted);
  if (first === undefined) return [];
  return [others.length + 1 === body.messages.length ? body : { ...body, messages: [first, ...others] }];
}
