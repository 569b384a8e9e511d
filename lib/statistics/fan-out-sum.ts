import type { FanOut } from '../activity/fan-out.ts';

/** Number of hosts listed. */
const MOST_HOSTS = 20;

/**
 * Adds up units' fan-out figures: local hosts that try many targets. Connections add up. Distinct addresses and ports
 * are only known within a unit, so the largest count of any unit is used as a lower bound.
 */
export class FanOutSum {
  readonly #byHost = new Map<string, FanOut>();

  add(fanOuts: readonly FanOut[]): void {
    for (const fanOut of fanOuts) {
      const known = this.#byHost.get(fanOut.host);
      this.#byHost.set(fanOut.host, known === undefined ? fanOut : both(known, fanOut));
    }
  }

  /** Hosts with the most unanswered connections first. */
  get busiest(): FanOut[] {
    const all = [...this.#byHost.values()];
    all.sort((a, b) => b.unanswered - a.unanswered || (a.host < b.host ? -1 : 1));
    return all.slice(0, MOST_HOSTS);
  }
}

/** Adds two figures; the larger one decides the pattern and the most tried port. */
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
