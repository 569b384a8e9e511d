import type { Urgency } from '../../../announcement/urgency.ts';
import type { Direction } from '../../../consensus/scoring-input.ts';
import type { HostAtRisk, ReportedAddress, SiteReport } from '../../results/site-report.ts';
import { contactsText, namedFew } from '../host-contacts.ts';

const DEEDS: Readonly<Record<Exclude<Urgency, 'other'>, string>> = {
  calling: 'called by',
  guessing: 'guesses passwords at',
  answered: 'answered by',
  knocking: 'not answered by',
};

/** What an address does if it is not known whether it was answered or whether it is bad. */
const OTHER_DEEDS: Readonly<Record<Direction, string>> = {
  outbound: 'called by',
  inbound: 'connects to',
  external: 'exchanges with',
  internal: 'exchanges with',
};

/** `called by 10.0.0.5 at 443/tcp, beacon`: which hosts were in contact with an address, and how. */
export function addressText(each: ReportedAddress): string {
  const { urgency, local_hosts, services, pattern, reasons, direction } = each;
  const deed = urgency === 'other' ? OTHER_DEEDS[direction] : DEEDS[urgency];
  const hosts = local_hosts.length === 0 ? '' : `${deed} ${namedFew(local_hosts)}`;
  const at = services.length === 0 ? '' : `at ${namedFew(services)}`;
  const what = [
    ...(pattern === null || pattern === 'none' || pattern === 'guessing' ? [] : [pattern]),
    ...(reasons.includes('uncertain') ? ['the scorers disagree'] : []),
    ...(reasons.includes('failed') ? ['no consensus'] : []),
  ];
  return [[hosts, at].filter((text) => text !== '').join(' '), ...what]
    .filter((text) => text !== '')
    .join(', ');
}

/** What a host has to do with malicious addresses; empty if it only tries others. */
export function hostText({ calls, reached_by }: HostAtRisk): string {
  return contactsText([...calls, ...reached_by]);
}

/** What the report is about. */
export function sourceText({ environment, table }: SiteReport): string {
  return environment === null ? `table ${table}` : `environment ${environment}, table ${table}`;
}

/** What AWS charges for the records of the report. */
export function costText({ costs: { packed_usd, single_usd } }: SiteReport): string {
  return `AWS charges ${usd(packed_usd)} for these records if they were sent packed, ${usd(single_usd)} if sent one per message`;
}

function usd(amount: number): string {
  if (amount > 0 && amount < 0.01) return 'less than $0.01';
  return amount === 0 ? 'nothing' : `about $${amount.toFixed(2)}`;
}

/** What distinguishes an address: `new`, `labelled malicious`. */
export function marksOf({ is_new, label }: ReportedAddress): string[] {
  return [...(is_new ? ['new'] : []), ...(label === null ? [] : [`labelled ${label}`])];
}
