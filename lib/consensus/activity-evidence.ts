import type { Activity } from './activity.ts';
import { isKnownGood } from './listing-evidence.ts';
import type { ScoringInput } from './scoring-input.ts';

/** Activity as plain figures, the same for every scorer; all are 0 where there is nothing to tell. */
export interface ActivityEvidence {
  /** Inbound: connections to services that answered nobody, as far as they are not a visitor's lost packets. */
  readonly knocks: number;
  /** Distinct services among the knocks. */
  readonly doors: number;
  /** Local hosts that it knocked at or called from, and connections of either kind that were answered. */
  readonly hosts: number;
  readonly answered: number;
  /** Tries at a login service. */
  readonly guesses: number;
  /** Outbound: connections to an address of which none was answered. */
  readonly retries: number;
  /** Outbound: brief answered calls at regular intervals that no other address gets. */
  readonly calls: number;
  /** Of the calls: time between two, seconds. */
  readonly intervalSeconds: number;
  /** Of the calls: deviation from their interval and of their sizes, percent; 100 without calls. */
  readonly jitterPercent: number;
  readonly sizeJitterPercent: number;
  /** Whether the calls go to a port that browsers use, as most harmless regular calls do. */
  readonly isWeb: boolean;
}

/** What an address did, in a word; `none` where it says nothing. */
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

/** From so many closed doors on, nobody merely lost packets. */
const FEWEST_DOORS_OF_A_SCAN = 3;
/** Visitors know what they come for; file transfers that open a port each are answered. */
const FEWEST_SERVICES_OF_A_PROBE = 30;
/** One or two short exchanges are a typing error. */
const FEWEST_GUESSES = 5;
/** Fewer unanswered connections are a page that did not load. */
const FEWEST_RETRIES = 3;
/** Beyond so many hosts it is a service that the site uses. */
const MOST_CALLERS = 2;
const MOST_JITTER_PERCENT = 50;
/** The step of the fewest calls that show a rhythm: so many have to be answered. */
const FEWEST_ANSWERED_CALLS = 5;

const WEB_PORTS: ReadonlySet<number | undefined> = new Set([80, 443]);
/**
 * Protocols of which regular calls are the purpose, by the IANA registry's ports: DNS, time, mail boxes that are looked into,
 * SNMP, syslog, VPN and NAT keep-alives, telephones that register, message queues, chat and push services.
 */
const REGULAR_PORTS: ReadonlySet<number | undefined> = new Set([
  53, 110, 123, 143, 161, 500, 514, 853, 993, 995, 1194, 1883, 3478, 4460, 4500, 5060, 5061, 5222, 5223, 5228,
  5349, 6514, 8883, 51_820,
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
  // Where nobody knows who was answered, so many services are no visit either.
  const isProbing = activity.answered === undefined && services >= FEWEST_SERVICES_OF_A_PROBE;
  const doors = isProbing ? services : count(activity.doors);
  const knocks = isProbing ? services : count(activity.knocks);
  const guesses = count(activity.guesses);
  // The site itself talks with it, or everybody does: what comes from there unasked is backscatter, or somebody forges it.
  const isForged = isGood || activity.is_partner === true;
  const telling = isForged ? 0 : doors >= FEWEST_DOORS_OF_A_SCAN ? knocks : Math.max(0, knocks - answered);
  return {
    ...NOTHING,
    knocks: telling,
    doors: telling > 0 ? doors : 0,
    hosts: count(activity.hosts),
    answered,
    guesses: guesses >= FEWEST_GUESSES ? guesses : 0,
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
    ...NOTHING,
    hosts: count(activity.hosts),
    answered,
    retries: answered === 0 && silent >= FEWEST_RETRIES ? silent : 0,
    ...(isBeacon && {
      // Those that nobody answered keep the rhythm: a trojan's master is not always there.
      calls: Math.min(count(activity.connections), answered),
      intervalSeconds: count(interval_seconds),
      jitterPercent,
      sizeJitterPercent: activity.size_jitter_percent ?? 100,
      isWeb: WEB_PORTS.has(port),
    }),
  };
}

/** Connections of one kind from which on a scorer has seen enough of it to be confident of what it says. */
export const MUCH_ACTIVITY = 3;

/** Connections that speak for malice, of the kind that there are most of. */
export function amountOf({ knocks, guesses, retries, calls }: ActivityEvidence): number {
  return Math.max(knocks, guesses, retries, calls);
}

/** Whether there is anything that speaks for malice. */
export function isTelling(activity: ActivityEvidence): boolean {
  return amountOf(activity) > 0;
}

/** Names what an address did: the worst first. */
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
