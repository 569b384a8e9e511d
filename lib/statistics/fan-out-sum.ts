import type { FanOut } from '../activity/fan-out.ts';

/** How many hosts a sum names. */
const MOST_HOSTS = 20;

/**
 * Adds up what units say about the site's hosts that try many targets. Connections add up; how many addresses and ports
 * were distinct is known for one unit only, so that the most of any unit stands for all: at least so many.
 */
export class FanOutSum {
  readonly #byHost = new Map<string, FanOut>();

  add(fanOuts: readonly FanOut[]): void {
    for (const fanOut of fanOuts) {
      const known = this.#byHost.get(fanOut.host);
      this.#byHost.set(fanOut.host, known === undefined ? fanOut : both(known, fanOut));
    }
  }

  /** Those with most unanswered connections first. */
  get busiest(): FanOut[] {
    const all = [...this.#byHost.values()];
    all.sort((a, b) => b.unanswered - a.unanswered || (a.host < b.host ? -1 : 1));
    return all.slice(0, MOST_HOSTS);
  }
}

/** The larger one says which pattern it is, and which port was tried most. */
function both(left: FanOut, right: FanOut): FanOut {
  const larger = Math.max(right.addresses, right.ports) > Math.max(left.addresses, left.ports) ? right : left;
  return {
    ...larger,
    connections: left.connections + right.connections,
    unanswered: left.unanswered + right.unanswered,
    addresses: Math.max(left.addresses, right.addresses),
    ports: Math.max(left.ports, right.ports),
  };
}
