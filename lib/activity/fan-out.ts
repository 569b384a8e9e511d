import type { Exchange } from './exchange.ts';
import { viewUnit } from './unit-view.ts';

/**
 * One of the site's own hosts that tries many targets, hardly any of which answers: infected hosts that look for others
 * do this, and so do inventory and vulnerability scanners. It says nothing about the targets.
 */
export interface FanOut {
  readonly host: string;
  /** `sweep`: few ports of many addresses; `scan`: many ports of few. */
  readonly pattern: 'sweep' | 'scan';
  /** Connections that the host began to such targets, and how many of them were unanswered or refused. */
  readonly connections: number;
  readonly unanswered: number;
  /** Distinct addresses and distinct ports (with their protocols) among them. */
  readonly addresses: number;
  readonly ports: number;
  /** The port that was tried at most addresses. */
  readonly port: number;
  readonly protocol: string;
}

/**
 * A crawler or a peer-to-peer client meets a few dead hosts at a time, but not this many at one port, or ports of one
 * host.
 */
const FEWEST_TARGETS = 30;
const LEAST_UNANSWERED_SHARE = 0.8;
/** Hosts named per unit: a unit has a handful at worst, and a summary must stay small. */
const MOST_HOSTS = 3;
/** As in `unit-view.ts`: a sensor that sees both sides sees this share of answers or refusals. */
const LEAST_SEEN_SHARE = 0.02;

/**
 * Finds the site's hosts that try many addresses at one port, or many ports of one address, mostly in vain. A pure
 * function of a unit's connections; memory is bounded by the unit.
 *
 * @param exchanges between the site and remote addresses
 * @param internal those inside the site
 * @returns hosts by unanswered connections, most first
 */
export function findFanOuts(exchanges: readonly Exchange[], internal: readonly Exchange[]): FanOut[] {
  const candidates = silentHosts(exchanges, internal);
  if (candidates.size === 0) return [];
  const all = [...exchanges, ...internal];
  const view = viewUnit(all);
  const started = all.filter(({ isInbound, local }) => !isInbound && candidates.has(local));
  const found: FanOut[] = [];
  for (const [host, own] of Map.groupBy(started, ({ local }) => local)) {
    const tried = fruitless(own);
    if (tried.length === 0 || !(showsReplies(tried) || view.tellsAnswers(tried))) continue;
    found.push(describe(host, tried));
  }
  found.sort((a, b) => b.unanswered - a.unanswered || (a.host < b.host ? -1 : 1));
  return found.slice(0, MOST_HOSTS);
}

/** Hosts that began enough unanswered connections to have tried many targets: most units have none. */
function silentHosts(...lists: readonly (readonly Exchange[])[]): Set<string> {
  const counts = new Map<string, number>();
  for (const exchanges of lists) {
    for (const exchange of exchanges) {
      if (exchange.isInbound || !isSilent(exchange)) continue;
      counts.set(exchange.local, (counts.get(exchange.local) ?? 0) + 1);
    }
  }
  return new Set([...counts].filter(([, count]) => count >= FEWEST_TARGETS).map(([host]) => host));
}

/**
 * A host's connections to ports at which it tries many addresses in vain, and to addresses at which it tries many ports
 * in vain.
 */
function fruitless(own: readonly Exchange[]): Exchange[] {
  const ports = fruitlessGroups(own, portOf, ({ remote }) => remote);
  const addresses = fruitlessGroups(own, ({ remote }) => remote, portOf);
  return own.filter((exchange) => ports.has(portOf(exchange)) || addresses.has(exchange.remote));
}

function fruitlessGroups(
  own: readonly Exchange[],
  groupOf: (exchange: Exchange) => string,
  targetOf: (exchange: Exchange) => string,
): Set<string> {
  const found = new Set<string>();
  for (const [group, exchanges] of Map.groupBy(own, groupOf)) {
    if (exchanges.length < FEWEST_TARGETS) continue;
    const silent = exchanges.filter(isSilent);
    if (silent.length < LEAST_UNANSWERED_SHARE * exchanges.length) continue;
    if (new Set(silent.map(targetOf)).size >= FEWEST_TARGETS) found.add(group);
  }
  return found;
}

/** A refusal shows that the sensor sees return traffic. */
function showsReplies(tried: readonly Exchange[]): boolean {
  const replies = tried.filter(({ outcome }) => outcome === 'refused' || outcome === 'answered').length;
  return replies >= LEAST_SEEN_SHARE * tried.length;
}

function describe(host: string, tried: readonly Exchange[]): FanOut {
  const addresses = new Set(tried.map(({ remote }) => remote));
  const byPort = Map.groupBy(tried, portOf);
  const [first] = [...byPort.values()]
    .map((exchanges) => ({ exchanges, targets: new Set(exchanges.map(({ remote }) => remote)).size }))
    .sort((a, b) => b.targets - a.targets || b.exchanges.length - a.exchanges.length);
  const { port = 0, protocol = '' } = first?.exchanges[0] ?? {};
  return {
    host,
    pattern: addresses.size >= byPort.size ? 'sweep' : 'scan',
    connections: tried.length,
    unanswered: tried.filter(isSilent).length,
    addresses: addresses.size,
    ports: byPort.size,
    port,
    protocol,
  };
}

function portOf({ port, protocol }: Exchange): string {
  return `${port} ${protocol}`;
}

function isSilent({ outcome }: Exchange): boolean {
  return outcome === 'unanswered' || outcome === 'refused';
}
