import type { ServiceError } from '../aws/service-error.ts';
import type { ScoredUnit } from './score-unit.ts';

/** What of a unit can't be counted as stored. */
export interface Losses {
  /** Why each source is lost, by its place in the unit's list. */
  readonly sources: ReadonlyMap<number, ServiceError>;
  /** Addresses of which no items may be named. */
  readonly addresses: ReadonlySet<string>;
}

/**
 * Finds what goes along with what could not be written or sent. A source is lost with any address that it has a record
 * of, and an address with any source that has a record of it: an item that is named shows all its records, and those of
 * a message that comes again would show twice.
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
