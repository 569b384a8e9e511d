import { type Exchange, serviceOf } from './exchange.ts';
import type { UnitView } from './unit-view.ts';

/** Peer-to-peer clients and games use ports from here on; nearly all services that get attacked use lower ones. */
const FIRST_PORT_OF_A_PEER = 10_000;
/**
 * On a labelled log of 5,700 connections to a host without such programs, at most 7 addresses knocked at the same high port. More do
 * so by chance in larger units.
 */
const FEWEST_PEERS = 5;
const ENOUGH_PEERS = 20;
const CONNECTIONS_PER_PEER = 200;
/** A scanner that looks for a kind of service tries many hosts; a peer knows the address. */
const LEAST_SHARE_OF_THE_PORT = 0.9;

/**
 * Finds services that a program of the site used to offer and that its peers still look for: many addresses knock at a high port
 * of one host, and hardly any at that port of another host. Each retries while it gets no answer, so three knocks there say
 * no more than one.
 *
 * @returns service names as given by `serviceOf`
 */
export function findPeerDoors(exchanges: readonly Exchange[], view: UnitView): ReadonlySet<string> {
  const knockersByPort = new Map<string, Map<string, Set<string>>>();
  for (const exchange of exchanges) {
    const { port, protocol, isInbound } = exchange;
    if (!isInbound || port < FIRST_PORT_OF_A_PEER || !view.isKnock(exchange)) continue;
    const services = entryOf(knockersByPort, `${port} ${protocol}`, () => new Map<string, Set<string>>());
    entryOf(services, serviceOf(exchange), () => new Set<string>()).add(exchange.remote);
  }
  const fewest = Math.min(ENOUGH_PEERS, Math.max(FEWEST_PEERS, exchanges.length / CONNECTIONS_PER_PEER));
  const found = new Set<string>();
  for (const services of knockersByPort.values()) {
    let all = 0;
    for (const { size } of services.values()) all += size;
    for (const [service, { size }] of services)
      if (size >= fewest && size >= LEAST_SHARE_OF_THE_PORT * all) found.add(service);
  }
  return found;
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}
