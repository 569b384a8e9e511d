import type { Activity } from '../consensus/activity.ts';
import type { Calls } from './calls.ts';
import { type Exchange, serviceOf } from './exchange.ts';
import { countGuesses } from './guesses.ts';
import { percentStepOf, stepOf } from './steps.ts';
import type { UnitView } from './unit-view.ts';
import { uploadedBytes } from './uploads.ts';

/** What is known about an address in addition to its connections in one direction. */
export interface AddressContext {
  /** For an outbound address. */
  readonly calls?: CallsAlike | undefined;
  /** For an inbound address: whether it has answered connections that local hosts began. */
  readonly isPartner?: boolean;
  /** Services that peers still look for, see `findPeerDoors`. */
  readonly peerDoors?: ReadonlySet<string> | undefined;
}

/** Regular calls, and the number of other addresses called at the same interval. */
export interface CallsAlike extends Calls {
  readonly companions: number;
}

/**
 * Describes the connections of one remote address in one direction, in one pass, with counts in steps.
 *
 * @param exchanges at least one, in time order
 */
export function describeActivity(
  exchanges: readonly Exchange[],
  view: UnitView,
  { calls, isPartner = false, peerDoors }: AddressContext = {},
): Activity {
  const hosts = new Set<string>();
  const services = new Set<string>();
  const doors = new Set<string>();
  let answered = 0;
  let knocks = 0;
  for (const exchange of exchanges) {
    const { local, isInbound, port, protocol, outcome } = exchange;
    hosts.add(local);
    const service = isInbound ? serviceOf(exchange) : `${port} ${protocol}`;
    services.add(service);
    if (outcome === 'answered') answered++;
    if (!view.isKnock(exchange)) continue;
    // A peer retries while nobody answers: that says nothing new.
    if (doors.has(service) && peerDoors?.has(service)) continue;
    knocks++;
    doors.add(service);
  }
  const guesses = countGuesses(exchanges);
  const uploaded = uploadedBytes(exchanges);
  return {
    connections: stepOf(exchanges.length),
    hosts: stepOf(hosts.size),
    services: stepOf(services.size),
    ...(view.tellsAnswers(exchanges) && {
      answered: stepOf(answered),
      knocks: stepOf(knocks),
      doors: stepOf(doors.size),
    }),
    ...(isPartner && { is_partner: true as const }),
    ...(guesses > 0 && { guesses: stepOf(guesses) }),
    ...(calls !== undefined && rhythmOf(calls)),
    ...(uploaded > 0 && { uploaded_bytes: stepOf(uploaded) }),
  };
}

function rhythmOf({
  intervalSeconds,
  jitter,
  sizeJitter,
  isBrief,
  companions,
}: CallsAlike): Partial<Activity> {
  return {
    interval_seconds: stepOf(intervalSeconds),
    jitter_percent: percentStepOf(jitter),
    size_jitter_percent: percentStepOf(sizeJitter),
    companions: stepOf(companions),
    is_brief: isBrief,
  };
}
