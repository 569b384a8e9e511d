import type { Urgency } from '../../../announcement/urgency.ts';
import type { Direction } from '../../../consensus/scoring-input.ts';
import { counted } from '../../../statistics/count-text.ts';
import type { HostAtRisk, HostContact, ReportedAddress, SiteReport } from '../../results/site-report.ts';

const NAMED = 3;

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
  const hosts = local_hosts.length === 0 ? '' : `${deed} ${some(local_hosts)}`;
  const at = services.length === 0 ? '' : `at ${some(services)}`;
  const what = [
    ...(pattern === null || pattern === 'none' || pattern === 'guessing' ? [] : [pattern]),
    ...(reasons.includes('uncertain') ? ['the scorers disagree'] : []),
    ...(reasons.includes('failed') ? ['no consensus'] : []),
  ];
  return [[hosts, at].filter((text) => text !== '').join(' '), ...what]
    .filter((text) => text !== '')
    .join(', ');
}

/** `calls 2 malicious addresses (203.0.113.7, 198.51.100.4)`; empty if it only tries others. */
export function hostText({ calls, reached_by }: HostAtRisk): string {
  const guessing = reached_by.filter(({ is_guessing }) => is_guessing);
  const others = reached_by.filter(({ is_guessing }) => !is_guessing);
  const texts = [
    ...(calls.length === 0 ? [] : [`calls ${contactsText(calls, 'malicious address')}`]),
    ...(guessing.length === 0 ? [] : [`passwords guessed by ${contactsText(guessing, 'address')}`]),
    ...(others.length === 0 ? [] : [`answered ${contactsText(others, 'malicious address')}`]),
  ];
  return texts.join('; ');
}

function contactsText(contacts: readonly HostContact[], what: string): string {
  return `${counted(contacts.length, what)} (${some(contacts.map(({ address }) => address))})`;
}

function some(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
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
