import type { Activity } from '../consensus/activity.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';
import type { Endpoint } from '../records/endpoint.ts';
import { type Calls, findCalls } from './calls.ts';
import { describeActivity } from './describe-activity.ts';
import { type Exchange, readExchange, readInternal } from './exchange.ts';
import { type FanOut, findFanOuts } from './fan-out.ts';
import { findPeerDoors } from './peer-doors.ts';
import { viewUnit } from './unit-view.ts';

/** The activity of each remote address of a unit, by direction. */
export class UnitActivity {
  readonly #byDirection: Readonly<Record<'inbound' | 'outbound', ReadonlyMap<string, Activity>>>;
  /** The site's own hosts that try many targets in vain, the busiest first. */
  readonly fanOuts: readonly FanOut[];

  constructor(
    inbound: ReadonlyMap<string, Activity>,
    outbound: ReadonlyMap<string, Activity>,
    fanOuts: readonly FanOut[],
  ) {
    this.#byDirection = { inbound, outbound };
    this.fanOuts = fanOuts;
  }

  /** @returns undefined if both sides or none are local, and if the activity says nothing */
  of({ address, direction }: Pick<Endpoint, 'address' | 'direction'>): Activity | undefined {
    return direction === 'inbound' || direction === 'outbound'
      ? this.#byDirection[direction].get(address)
      : undefined;
  }
}

/**
 * Describes the activity in the connections of a unit.
 *
 * @param connections each with its endpoint
 */
export function describeConnections(
  connections: Iterable<{ readonly record: ConnectionRecord; readonly endpoint: Endpoint }>,
): UnitActivity {
  const exchanges: Exchange[] = [];
  const internal: Exchange[] = [];
  for (const { record, endpoint } of connections) {
    const exchange = readExchange(record, endpoint);
    if (exchange !== undefined) exchanges.push(exchange);
    const inside = exchange === undefined ? readInternal(record, endpoint) : undefined;
    if (inside !== undefined) internal.push(inside);
  }
  return describeUnit(exchanges, internal);
}

/** Addresses that a host calls at intervals this similar are on one schedule. */
const SAME_INTERVAL = 0.1;

/**
 * Describes the activity of all remote addresses of a unit. A pure function of the unit's connections, independent of
 * their order.
 *
 * @param exchanges between the site and remote addresses
 * @param internal those inside the site, which only count for the fan-out of its hosts
 */
export function describeUnit(
  exchanges: readonly Exchange[],
  internal: readonly Exchange[] = [],
): UnitActivity {
  const view = viewUnit(exchanges);
  const inbound = byAddress(exchanges.filter(({ isInbound }) => isInbound));
  const outbound = byAddress(exchanges.filter(({ isInbound }) => !isInbound));
  const peerDoors = findPeerDoors(exchanges, view);
  const timetables = new Timetables();
  const calls = new Map<string, Calls>();
  for (const [address, own] of outbound) {
    const found = findCalls(own);
    if (found === undefined) continue;
    calls.set(address, found);
    timetables.add(own, found);
  }
  return new UnitActivity(
    describeAll(inbound, (own, address) =>
      describeActivity(own, view, { isPartner: isPartner(outbound.get(address)), peerDoors }),
    ),
    describeAll(outbound, (own, address) => {
      const found = calls.get(address);
      const alike = found && { ...found, companions: timetables.companionsOf(own, found) };
      return describeActivity(own, view, { calls: alike });
    }),
    findFanOuts(exchanges, internal),
  );
}

/** A single connection that was not refused says nothing, and most addresses have only one. */
function describeAll(
  addresses: ReadonlyMap<string, readonly Exchange[]>,
  describe: (own: readonly Exchange[], address: string) => Activity,
): Map<string, Activity> {
  const described = new Map<string, Activity>();
  for (const [address, own] of addresses) {
    const activity = describe(own, address);
    if (own.length > 1 || activity.knocks || activity.uploaded_bytes) described.set(address, activity);
  }
  return described;
}

/** A single answer may be a forger's luck. */
const FEWEST_ANSWERS = 3;
/**
 * Ports from here on are a client's own (RFC 6335): if a sensor reports each direction as a flow of its own, such flows
 * are replies.
 */
const FIRST_EPHEMERAL_PORT = 32_768;

function isPartner(outbound: readonly Exchange[] = []): boolean {
  const answers = outbound.filter(
    ({ outcome, port }) => outcome === 'answered' && port < FIRST_EPHEMERAL_PORT,
  );
  return answers.length >= FEWEST_ANSWERS;
}

function byAddress(exchanges: readonly Exchange[]): Map<string, Exchange[]> {
  const groups = Map.groupBy(exchanges, ({ remote }) => remote);
  for (const own of groups.values()) own.sort((a, b) => a.at - b.at);
  return groups;
}

/**
 * Intervals at which each local host calls: a host that calls several addresses at the same interval runs checks or
 * updates.
 */
class Timetables {
  readonly #intervals = new Map<string, number[]>();

  add(own: readonly Exchange[], { intervalSeconds }: Calls): void {
    for (const host of hostsOf(own)) {
      const intervals = this.#intervals.get(host);
      if (intervals === undefined) this.#intervals.set(host, [intervalSeconds]);
      else intervals.push(intervalSeconds);
    }
  }

  companionsOf(own: readonly Exchange[], { intervalSeconds }: Calls): number {
    const counts = hostsOf(own).map((host) => {
      const intervals = this.#intervals.get(host) ?? [];
      return intervals.filter((other) => Math.abs(other - intervalSeconds) <= SAME_INTERVAL * intervalSeconds)
        .length;
    });
    return Math.max(0, ...counts.map((count) => count - 1));
  }
}

function hostsOf(own: readonly Exchange[]): string[] {
  return [...new Set(own.map(({ local }) => local))];
}
