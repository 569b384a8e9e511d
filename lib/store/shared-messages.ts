import type { ReadSummary } from './read-summaries.ts';

/** A unit's summary, with the connections to leave out because another unit has them. */
export interface DistinctUnit {
  readonly summary: ReadSummary;
  /**
   * Identities of the connections already returned from units that count the same messages; undefined if no other unit
   * does. Readers of the unit add to it.
   */
  readonly shown: Set<string> | undefined;
}

/**
 * Finds units that count the same messages. If two deliveries of a small message overlapped, both may have stored it,
 * each among other messages; both units belong to the minute in which the queue first received it, so they have the
 * same arrival time. Only units with one arrival time are held in memory together.
 *
 * @param summaries in the order of their arrival
 */
export async function* distinctUnits(summaries: AsyncIterable<ReadSummary>): AsyncGenerator<DistinctUnit> {
  let minute: ReadSummary[] = [];
  for await (const summary of summaries) {
    if (minute[0] !== undefined && minute[0].ingestedAtMs !== summary.ingestedAtMs) {
      yield* distinct(minute);
      minute = [];
    }
    minute.push(summary);
  }
  yield* distinct(minute);
}

function distinct(summaries: readonly ReadSummary[]): DistinctUnit[] {
  const shown = sharedSets(summaries);
  return summaries.map((summary) => ({ summary, shown: shown.get(summary.unit) }));
}

/** @returns one set for all units that count the same messages, directly or through others, by unit */
export function sharedSets(summaries: Iterable<ReadSummary>): ReadonlyMap<string, Set<string>> {
  const sets = new Map<string, Set<string>>();
  const firstOf = new Map<string, string>();
  for (const { unit, messages } of summaries) {
    for (const message of messages) {
      const first = firstOf.get(message);
      if (first === undefined) firstOf.set(message, unit);
      else if (first !== unit) join(sets, first, unit);
    }
  }
  return sets;
}

function join(sets: Map<string, Set<string>>, first: string, second: string): void {
  const [kept = new Set<string>(), other] = [sets.get(first), sets.get(second)];
  for (const [unit, set] of sets) if (set === other) sets.set(unit, kept);
  sets.set(first, kept);
  sets.set(second, kept);
}
