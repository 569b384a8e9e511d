import type { FanOut } from '../activity/fan-out.ts';
import { compareUrgency, URGENCIES, type Urgency, type Urgent, urgencyOf } from './urgency.ts';

/** The basis for ranking hosts: a finding, or several merged into one. */
export interface Contact extends Urgent {
  readonly localHosts: readonly string[];
}

/** One of the site's own hosts that needs a look. */
export interface SiteHost<Found extends Contact = Contact> {
  readonly host: string;
  /** Findings that name it, most urgent first. */
  readonly contacts: readonly Found[];
  /** Absent if it does not try many targets in vain. */
  readonly fanOut?: FanOut;
}

/**
 * Lists the site's own hosts that need a look, those most at risk first: hosts that call something malicious; hosts
 * that try many targets in vain, as infected hosts do; hosts at which passwords are guessed; hosts that answered
 * something malicious from outside; then hosts with contacts that need a human's judgement. Within a kind, the worse
 * score comes first, then more such contacts.
 *
 * @param findings those that need a human; knocks are left out, and findings without a side known to be local
 */
export function siteHosts<Found extends Contact>(
  findings: readonly Found[],
  fanOuts: readonly FanOut[],
): SiteHost<Found>[] {
  const contacts = new Map<string, Found[]>();
  for (const finding of findings.toSorted(compareUrgency)) {
    if (finding.direction === 'external' || urgencyOf(finding) === 'knocking') continue;
    for (const host of finding.localHosts) {
      const known = contacts.get(host);
      if (known === undefined) contacts.set(host, [finding]);
      else known.push(finding);
    }
  }
  const tries = new Map(fanOuts.map((fanOut) => [fanOut.host, fanOut]));
  const hosts = [...new Set([...contacts.keys(), ...tries.keys()])].map((host): SiteHost<Found> => {
    const fanOut = tries.get(host);
    return { host, contacts: contacts.get(host) ?? [], ...(fanOut !== undefined && { fanOut }) };
  });
  return hosts.sort(compareHosts);
}

function compareHosts(left: SiteHost, right: SiteHost): number {
  const danger = dangerOf(left);
  const isTrying = danger === 'trying';
  return (
    DANGERS.indexOf(danger) - DANGERS.indexOf(dangerOf(right)) ||
    (isTrying ? 0 : worstScore(right) - worstScore(left) || countOf(right, danger) - countOf(left, danger)) ||
    (right.fanOut?.unanswered ?? 0) - (left.fanOut?.unanswered ?? 0) ||
    (left.host < right.host ? -1 : 1)
  );
}

/** The risk to a host, or from it: an urgency, or that it tries many targets. */
type Danger = Urgency | 'trying';
const DANGERS: readonly Danger[] = ['calling', 'trying', ...URGENCIES.slice(1)];

function dangerOf({ contacts: [worst], fanOut }: SiteHost): Danger {
  const urgency = worst === undefined ? undefined : urgencyOf(worst);
  if (fanOut !== undefined && urgency !== 'calling') return 'trying';
  return urgency ?? 'trying';
}

function worstScore({ contacts: [worst] }: SiteHost): number {
  return worst?.score ?? 0;
}

function countOf({ contacts }: SiteHost, danger: Danger): number {
  return contacts.filter((contact) => urgencyOf(contact) === danger).length;
}
