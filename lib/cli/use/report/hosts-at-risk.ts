import type { SiteHost } from '../../../announcement/site-hosts.ts';
import type { HostAtRisk, HostContact } from '../../results/site-report.ts';
import type { SummedFinding } from './sum-findings.ts';

/**
 * From the hosts that need attention, those in contact with something malicious and those that try many targets, in
 * their order.
 */
export function hostsAtRisk(hosts: readonly SiteHost<SummedFinding>[]): HostAtRisk[] {
  return hosts
    .map(({ host, contacts, fanOut }) => ({
      host,
      calls: contacts.filter(({ urgency }) => urgency === 'calling').map(toContact),
      reached_by: contacts
        .filter(({ urgency }) => urgency === 'guessing' || urgency === 'answered')
        .map(toContact),
      fan_out: fanOut ?? null,
    }))
    .filter(
      ({ calls, reached_by, fan_out }) => calls.length > 0 || reached_by.length > 0 || fan_out !== null,
    );
}

function toContact({ address, score, urgency }: SummedFinding): HostContact {
  return { address, score, urgency };
}
