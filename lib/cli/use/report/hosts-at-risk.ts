import type { FanOut } from '../../../activity/fan-out.ts';
import type { HostAtRisk, HostContact } from '../../results/site-report.ts';
import type { SummedFinding } from './sum-findings.ts';

/**
 * The site's own hosts that malicious addresses have to do with, and those that try many targets in vain: first those that
 * call something malicious, then those that try others, then those that were reached from outside.
 *
 * @param findings without those that nobody has to look at
 */
export function hostsAtRisk(findings: readonly SummedFinding[], fanOuts: readonly FanOut[]): HostAtRisk[] {
  const calls = new Contacts();
  const reached = new Contacts();
  for (const finding of findings) {
    const { urgency, localHosts } = finding;
    const contacts = urgency === 'calling' ? calls : reached;
    if (urgency !== 'calling' && urgency !== 'guessing' && urgency !== 'answered') continue;
    for (const host of localHosts) contacts.add(host, finding);
  }
  const tries = new Map(fanOuts.map((fanOut) => [fanOut.host, fanOut]));
  const hosts = new Set([...calls.hosts, ...tries.keys(), ...reached.hosts]);
  return [...hosts]
    .map((host) => ({
      host,
      calls: calls.of(host),
      reached_by: reached.of(host),
      fan_out: tries.get(host) ?? null,
    }))
    .sort(compareRisk);
}

class Contacts {
  readonly #byHost = new Map<string, HostContact[]>();

  get hosts(): Iterable<string> {
    return this.#byHost.keys();
  }

  add(host: string, { address, score, urgency }: SummedFinding): void {
    const contacts = this.#byHost.get(host) ?? [];
    contacts.push({ address, score, is_guessing: urgency === 'guessing' });
    this.#byHost.set(host, contacts);
  }

  /** The worst first. */
  of(host: string): HostContact[] {
    const contacts = this.#byHost.get(host) ?? [];
    return contacts.toSorted((a, b) => b.score - a.score || (a.address < b.address ? -1 : 1));
  }
}

function compareRisk(left: HostAtRisk, right: HostAtRisk): number {
  return (
    worst(right.calls) - worst(left.calls) ||
    right.calls.length - left.calls.length ||
    (right.fan_out?.unanswered ?? 0) - (left.fan_out?.unanswered ?? 0) ||
    worst(right.reached_by) - worst(left.reached_by) ||
    right.reached_by.length - left.reached_by.length ||
    (left.host < right.host ? -1 : 1)
  );
}

function worst(contacts: readonly HostContact[]): number {
  return contacts[0]?.score ?? -1;
}
