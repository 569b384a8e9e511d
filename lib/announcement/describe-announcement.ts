import type { Pattern } from '../consensus/activity-evidence.ts';
import {
  type Announcement,
  commandFor,
  type DigestAnnouncement,
  type FindingAnnouncement,
} from './announcement.ts';
import { plainText } from './plain-text.ts';

/** The text of an announcement: a title, the subject, the reasons, and how to see more. */
export interface Description {
  readonly title: string;
  /** What happened, in one line. */
  readonly facts: string;
  /** The reasons for the score, in one line. */
  readonly reasons: string;
  /** The command that shows it, in one line. */
  readonly next: string;
}

/** The behaviour of an address, as a clause whose subject is the address. */
const DEEDS: Readonly<Record<Exclude<Pattern, 'none'>, string>> = {
  scan: 'it probes closed services on a host',
  sweep: 'it probes a service on many hosts',
  guessing: 'it guesses passwords',
  beacon: 'it is contacted at regular intervals',
  retry: 'it is contacted repeatedly without an answer',
  upload: 'it receives far more data than it sends',
  visitor: 'it looks like an ordinary visitor',
};

/** The plural forms. */
const PLURAL_DEEDS: Readonly<Record<Exclude<Pattern, 'none'>, string>> = {
  scan: 'probed closed services on a host',
  sweep: 'probed a service on many hosts',
  guessing: 'guessed passwords',
  beacon: 'were contacted at regular intervals',
  retry: 'were contacted repeatedly',
  upload: 'received far more data than they sent',
  visitor: 'looked like ordinary visitors',
};

export function describeAnnouncement(announcement: Announcement): Description {
  return announcement.kind === 'digest' ? describeDigest(announcement) : describeFinding(announcement);
}

function describeFinding(announcement: FindingAnnouncement): Description {
  return {
    title: findingTitle(announcement),
    facts: findingFacts(announcement),
    reasons: voteReasons(announcement),
    next: `Details: ${commandFor(announcement)}`,
  };
}

function findingTitle(announcement: FindingAnnouncement): string {
  const { kind, address, direction, score, previousScore, answered, pattern } = announcement;
  const hosts = hostsOf(announcement);
  if (kind === 'cleared') return `${address} was cleared by a label`;
  if (kind === 'worse') {
    const before = previousScore === undefined ? '' : `, was ${twoDigits(previousScore)}`;
    return `${address} got worse: score ${twoDigits(score)}${before}`;
  }
  const called = `a malicious address, ${address} (score ${twoDigits(score)})`;
  if (direction === 'outbound') return `${hosts} ${isOne(announcement) ? 'calls' : 'call'} ${called}`;
  if (direction !== 'inbound') return `${address} is malicious (score ${twoDigits(score)})`;
  if (pattern === 'guessing') return `${address} guesses passwords at ${hosts} (score ${twoDigits(score)})`;
  return answered > 0
    ? `${hosts} answered ${called}`
    : `${address} is malicious (score ${twoDigits(score)}) and was not answered`;
}

function findingFacts(announcement: FindingAnnouncement): string {
  const { pattern, direction, connections, answered, firstSeenMs, lastSeenMs, services } = announcement;
  const ports = services.map(({ port, protocol }) => `${port}/${plainText(protocol)}`).join(', ');
  const count = `${connections} ${direction} ${connections === 1 ? 'connection' : 'connections'}, ${answered} answered`;
  const deed = pattern === undefined || pattern === 'none' ? '' : `; ${DEEDS[pattern]}`;
  return (
    `${count}${ports === '' ? '' : `, to ${ports}`}, of ${hostsOf(announcement)}${deed}. ` +
    `First seen ${utc(firstSeenMs)}, last seen ${utc(lastSeenMs)}.`
  );
}

function voteReasons({ votes, scoredBy, isUncertain, maliciousThreshold }: FindingAnnouncement): string {
  const opinions = Object.entries(votes).map(
    ([scorer, { score, reasoning }]) => `${scorer} ${twoDigits(score)}: ${plainText(reasoning)}`,
  );
  const used = scoredBy === 'consensus' ? 'consensus' : `the ${scoredBy} score`;
  const doubt = isUncertain ? '; the scorers read the evidence differently' : '';
  const threshold = `Scored by ${used}, malicious from ${twoDigits(maliciousThreshold)}${doubt}.`;
  return [threshold, ...opinions.map((opinion) => opinion.replace(/[^.]$/, '$&.'))].join(' ');
}

function describeDigest(digest: DigestAnnouncement): Description {
  const { fromMs, toMs, knocking, worst, heldBack } = digest;
  const count = Object.values(knocking).reduce((sum, each) => sum + each, 0);
  const deeds = Object.entries(knocking).map(([pattern, each]) =>
    pattern === 'none'
      ? `${each} otherwise`
      : `${each} ${PLURAL_DEEDS[pattern as keyof typeof PLURAL_DEEDS]}`,
  );
  const hour = `${utc(fromMs).slice(0, 16)} to ${utc(toMs).slice(11, 16)} UTC`;
  return {
    title: `${hour}: ${count} malicious ${count === 1 ? 'address' : 'addresses'} knocked, none were answered`,
    facts: [
      deeds.length === 0 ? '' : `Of them ${deeds.join(', ')}.`,
      heldBack === 0 ? '' : `${heldBack} more announcements were held back by the hourly limit.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
    reasons:
      worst.length === 0
        ? ''
        : `Worst: ${worst.map(({ address, score }) => `${address} (${twoDigits(score)})`).join(', ')}.`,
    next: `Details: ${commandFor(digest)}`,
  };
}

function isOne({ localHosts, localHostCount }: FindingAnnouncement): boolean {
  return localHostCount === 1 && localHosts.length === 1;
}

function hostsOf({ localHosts, localHostCount }: FindingAnnouncement): string {
  const [first] = localHosts;
  if (first === undefined) return 'no known host';
  return localHostCount === 1 ? first : `${localHostCount} local hosts (${first} and others)`;
}

function twoDigits(score: number): string {
  return score.toFixed(2);
}

function utc(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`.replace('T', ' ');
}
