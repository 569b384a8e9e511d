import type { Activity } from './activity.ts';
import { isKnownGood } from './listing-evidence.ts';
import type { ScoringInput } from './scoring-input.ts';

/** Activity as plain numbers, the same for every scorer; all are 0 if activity says nothing. */
export interface ActivityEvidence {
  /** Inbound: connections to services that answered no one, unless they may be a visitor's lost packets. */
  readonly knocks: number;
  /** Distinct services among the knocks. */
  readonly doors: number;
  /** Local hosts that it tried or was called by, and the answered connections of either kind. */
  readonly hosts: number;
  readonly answered: number;
  /** Attempts at a login service. */
  readonly guesses: number;
  /** Outbound: connections to an address that answered none of them. */
  readonly retries: number;
  /** Outbound: brief answered calls at regular intervals that no other address receives. */
  readonly calls: number;
  /** Time between two calls, seconds. */
  readonly intervalSeconds: number;
  /** Deviation of the calls from their interval, and of their sizes, percent; 100 without calls. */
  readonly jitterPercent: number;
  readonly sizeJitterPercent: number;
  /** Whether the calls go to a port that browsers use, as most harmless regular calls do. */
  readonly isWeb: boolean;
}

/** The behaviour of an address in one word; `none` if its activity says nothing. */
export const PATTERNS = [
  'scan',
  'sweep',
  'guessing',
  'beacon',
  'retry',
  'upload',
  'visitor',
  'none',
] as const;
export type Pattern = (typeof PATTERNS)[number];

/** From this many closed services on, packet loss is no longer an explanation. */
const FEWEST_DOORS_OF_A_SCAN = 3;
/** A visitor knows which service to use; file transfers that open a new port each time are answered. */
const FEWEST_SERVICES_OF_A_PROBE = 30;
/** One or two short exchanges are a typing error. */
const FEWEST_GUESSES = 5;
/** Fewer unanswered connections are a page that did not load. */
const FEWEST_RETRIES = 3;
/** An address called by more hosts is a service that the site uses. */
const MOST_CALLERS = 2;
const MOST_JITTER_PERCENT = 50;
/** The step of the fewest calls that show a rhythm: this many must be answered. */
const FEWEST_ANSWERED_CALLS = 5;

const WEB_PORTS: ReadonlySet<number | undefined> = new Set([80, 443]);
/**
 * Ports of protocols whose purpose is regular calls, by the IANA registry: ssh, rsync and git polling for changes, DNS, NTP,
 * mail boxes that are polled, SNMP, directories, syslog, VPN and NAT keep-alives, phone registration, message queues, RADIUS,
 * chat and push services, monitoring and management agents.
 */
const REGULAR_PORTS: ReadonlySet<number | undefined> = new Set([
  22, 53, 110, 123, 143, 161, 162, 389, 500, 514, 636, 853, 873, 993, 995, 1194, 1812, 1813, 1883, 2083, 3268,
  3269, 3478, 4460, 4500, 4739, 5060, 5061, 5222, 5223, 5228, 5229, 5230, 5349, 5666, 5671, 5672, 6343, 6514,
  7547, 8140, 8883, 9418, 10_050, 10_051, 51_820,
]);
/** Pings. */
const REGULAR_PROTOCOLS: ReadonlySet<string | undefined> = new Set(['icmp', 'icmp6', 'ipv6-icmp']);

const NOTHING: ActivityEvidence = {
  knocks: 0,
  doors: 0,
  hosts: 0,
  answered: 0,
  guesses: 0,
  retries: 0,
  calls: 0,
  intervalSeconds: 0,
  jitterPercent: 100,
  sizeJitterPercent: 100,
  isWeb: false,
};

export function readActivity(input: ScoringInput): ActivityEvidence {
  const { activity, direction } = input;
  if (activity === undefined) return NOTHING;
  if (direction === 'inbound') return inboundEvidence(activity, isKnownGood(input.threat_intel));
  return direction === 'outbound' ? outboundEvidence(activity, input) : NOTHING;
}

function inboundEvidence(activity: Activity, isGood: boolean): ActivityEvidence {
  const answered = count(activity.answered);
  const services = count(activity.services);
  // If the sensor does not report answers, this many services are not a normal visit either.
  const isProbing = activity.answered === undefined && services >= FEWEST_SERVICES_OF_A_PROBE;
  const doors = isProbing ? services : count(activity.doors);
  const knocks = isProbing ? services : count(activity.knocks);
  const guesses = count(activity.guesses);
  // The site itself talks with the address, or everybody does: its unsolicited packets are backscatter or forged.
  const isForged = isGood || activity.is_partner === true;
  const telling = isForged ? 0 : doors >= FEWEST_DOORS_OF_A_SCAN ? knocks : Math.max(0, knocks - answered);
  return {
    knocks: telling,
    doors: telling > 0 ? doors : 0,
    hosts: count(activity.hosts),
    answered,
    guesses: guesses >= FEWEST_GUESSES ? guesses : 0,
    retries: 0,
    calls: 0,
    intervalSeconds: 0,
    jitterPercent: 100,
    sizeJitterPercent: 100,
    isWeb: false,
  };
}

function outboundEvidence(activity: Activity, { dst_port: port, protocol }: ScoringInput): ActivityEvidence {
  const answered = count(activity.answered);
  const silent = count(activity.knocks);
  const { interval_seconds, is_brief } = activity;
  const jitterPercent = activity.jitter_percent ?? 100;
  const isBeacon =
    count(interval_seconds) > 0 &&
    is_brief === true &&
    answered >= FEWEST_ANSWERED_CALLS &&
    jitterPercent <= MOST_JITTER_PERCENT &&
    count(activity.companions) === 0 &&
    activity.hosts <= MOST_CALLERS &&
    !REGULAR_PORTS.has(port) &&
    !REGULAR_PROTOCOLS.has(protocol);
  return {
    knocks: 0,
    doors: 0,
    hosts: count(activity.hosts),
    answered,
    guesses: 0,
    retries: answered === 0 && silent >= FEWEST_RETRIES ? silent : 0,
    // Unanswered calls keep the rhythm, since a command-and-control server is not always up, but they are not
    // counted.
    calls: isBeacon ? Math.min(count(activity.connections), answered) : 0,
    intervalSeconds: isBeacon ? count(interval_seconds) : 0,
    jitterPercent: isBeacon ? jitterPercent : 100,
    sizeJitterPercent: isBeacon ? (activity.size_jitter_percent ?? 100) : 100,
    isWeb: isBeacon && WEB_PORTS.has(port),
  };
}

/** From this many connections of one kind on, a scorer is confident about them. */
export const MUCH_ACTIVITY = 3;

/** The number of incriminating connections, of the kind with the most of them. */
export function amountOf({ knocks, guesses, retries, calls }: ActivityEvidence): number {
  return Math.max(knocks, guesses, retries, calls);
}

/** Whether anything incriminating was seen. */
export function isTelling(activity: ActivityEvidence): boolean {
  return amountOf(activity) > 0;
}

/** Names the behaviour of an address, the worst first. */
export function patternOf(input: ScoringInput): Pattern {
  const { activity } = input;
  if (activity === undefined) return 'none';
  const { knocks, doors, guesses, retries, calls } = readActivity(input);
  if (guesses > 0) return 'guessing';
  if (knocks > 0 && doors >= FEWEST_DOORS_OF_A_SCAN) return isSweep(activity) ? 'sweep' : 'scan';
  if (calls > 0) return 'beacon';
  if (retries > 0) return 'retry';
  if (count(activity.uploaded_bytes) > 0) return 'upload';
  return input.direction === 'inbound' && count(activity.answered) > 0 ? 'visitor' : 'none';
}

/** Few ports of many hosts; a scan is many ports of few. */
function isSweep({ hosts, services }: Activity): boolean {
  return hosts >= FEWEST_DOORS_OF_A_SCAN && services <= 2 * hosts;
}

function count(value: number | undefined): number {
  return typeof value === 'number' && value > 0 ? Math.min(value, 1e12) : 0;
}
