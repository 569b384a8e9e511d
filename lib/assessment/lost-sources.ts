import type { ServiceError } from '../aws/service-error.ts';
import type { ScoredUnit } from './score-unit.ts';

/** The parts of a unit that can't be counted as stored. */
export interface Losses {
  /** Why each source is lost, by its index in the unit's list. */
  readonly sources: ReadonlyMap<number, ServiceError>;
  /** Addresses whose items must not be named. */
  readonly addresses: ReadonlySet<string>;
}

/**
 * Finds everything that is lost with what could not be written or sent. A source is lost with any address it has a
 * record of, and an address with any source that has a record of it: an item that is named shows all its records, and
 * those of a redelivered message would show twice.
 */
export function lossesOf(
  { addresses }: ScoredUnit,
  unwritten: ReadonlyMap<string, ServiceError>,
  unsent: ReadonlyMap<number, ServiceError>,
): Losses {
  const lostSources = new Map(unsent);
  const lostAddresses = new Set<string>();
  for (let isSettled = unwritten.size + unsent.size === 0; !isSettled; ) {
    isSettled = true;
    for (const { address, records } of addresses) {
      if (lostAddresses.has(address)) continue;
      const sources = records.flatMap(({ source, others = [] }) => [source, ...others]);
      const reason = unwritten.get(address) ?? sources.map((source) => lostSources.get(source)).find(Boolean);
      if (reason === undefined) continue;
      isSettled = false;
      lostAddresses.add(address);
      for (const source of sources) if (!lostSources.has(source)) lostSources.set(source, reason);
    }
  }
  return { sources: lostSources, addresses: lostAddresses };
}
