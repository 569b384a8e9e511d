import type { EventRuleDefinition } from '../template/service-definition.ts';
import { scheduledEvent } from './schedule.ts';

/** Tracks when scheduled rules are due, by the caller's clock. */
export class RuleSchedules {
  readonly #rules: readonly { readonly name: string; readonly everyMs: number }[];
  readonly #dueAtMs = new Map<string, number>();

  constructor(rules: readonly Pick<EventRuleDefinition, 'name' | 'everySeconds'>[]) {
    this.#rules = rules.flatMap(({ name, everySeconds }) =>
      everySeconds === undefined ? [] : [{ name, everyMs: everySeconds * 1_000 }],
    );
  }

  /** From now on, each rule is due whenever its interval has passed. */
  start(nowMs: number): void {
    for (const { name, everyMs } of this.#rules) this.#dueAtMs.set(name, nowMs + everyMs);
  }

  /** @returns one event for each due rule, however overdue it is */
  due(nowMs: number): object[] {
    const due = this.#rules.filter(
      ({ name }) => nowMs >= (this.#dueAtMs.get(name) ?? Number.POSITIVE_INFINITY),
    );
    for (const { name, everyMs } of due) this.#dueAtMs.set(name, nowMs + everyMs);
    return due.map(({ name }) => scheduledEvent(name, nowMs));
  }
}
