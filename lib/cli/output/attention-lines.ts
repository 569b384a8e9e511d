import { type Urgency, urgencyOf } from '../../announcement/urgency.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import type { AttentionEntry } from '../results/attention.ts';
import { scoreColour, voteLines } from './assessments/assessment-lines.ts';
import { printable, styled } from './terminal.ts';

const LINE_WIDTH = 100;
/** Fits an IPv4 address; a longer one takes space from the description. */
const ADDRESS_WIDTH = 15;
const SERVICE_WIDTH = 14;
const TIME_WIDTH = 11;
const HOSTS_SHOWN = 1;

const HEADINGS: Readonly<Record<Urgency, string>> = {
  calling: 'Bad addresses that your own hosts call',
  guessing: 'Password guessing against your services',
  answered: 'Bad outside addresses that got an answer',
  other: 'Everything else',
  knocking: 'Outside addresses that got no answer',
};

/** The heading above the addresses of one urgency, each of which takes one line. */
export function urgencyHeading(urgency: Urgency): string {
  return styled('bold', HEADINGS[urgency]);
}

/** Names the columns of `attentionLine`. */
export function attentionHeader(): string {
  const columns = ['score', 'address'.padEnd(ADDRESS_WIDTH), 'service'.padEnd(SERVICE_WIDTH)];
  const what = 'what was seen'.padEnd(whatWidth(ADDRESS_WIDTH));
  return styled('dim', `  ${[...columns, what, 'last (UTC)'].join('  ')}`);
}

/** `  0.962  203.0.113.201    8443/tcp        beacon from 10.0.0.5 and 2 more        11-27 12:00`, 100 characters at most. */
export function attentionLine(entry: AttentionEntry): string {
  const { address, worst, lastSeenMs } = entry;
  const score = styled(scoreColour(worst.score), worst.score.toFixed(3));
  const where = styled('bold', address) + ' '.repeat(Math.max(0, ADDRESS_WIDTH - address.length));
  const service = fitted(serviceText(entry), SERVICE_WIDTH);
  const what = fitted(whatText(entry), whatWidth(address.length));
  return `  ${score}  ${where}  ${service}  ${what}  ${timeText(lastSeenMs)}`;
}

/** The votes behind an address's score. */
export function entryVoteLines(verdict: ReadAssessment | undefined): string[] {
  if (verdict === undefined)
    return ['        its verdict is not stored: it arrives with the next delivery, or has expired'];
  return voteLines(verdict.assessment);
}

/** An address as `attention --json` prints it. */
export function attentionJson(entry: AttentionEntry, verdict?: ReadAssessment): string {
  const { address, worst, reasons, label, localHosts, services, firstSeenMs, lastSeenMs, announced } = entry;
  const { score, direction, pattern, connections, answered, assessment } = worst;
  return JSON.stringify({
    address,
    urgency: urgencyOf(worst),
    threat_score: score,
    reasons,
    direction,
    pattern,
    connections,
    answered,
    local_hosts: localHosts,
    services: services.map(({ port, protocol }) => `${port}/${protocol}`),
    first_seen: firstSeenMs,
    last_seen: lastSeenMs,
    label,
    announced,
    assessment,
    votes: verdict?.assessment.votes,
  });
}

function serviceText({ services }: AttentionEntry): string {
  const [first] = services;
  if (first === undefined) return '';
  const more = services.length - 1;
  return `${first.port}/${printable(first.protocol)}${more > 0 ? ` +${more}` : ''}`;
}

/** `beacon from 10.0.0.5 and 2 more`, `guessing at 10.0.0.7, labelled malicious`. */
function whatText({ worst, localHosts, label }: AttentionEntry): string {
  const { direction, pattern = 'none', reasons } = worst;
  const deed = pattern === 'none' ? '' : `${pattern} `;
  const more = localHosts.length - HOSTS_SHOWN;
  const hosts = `${localHosts.slice(0, HOSTS_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const notes = [
    ...(label === undefined ? [] : [`labelled ${label}`]),
    ...(reasons.includes('failed') ? ['no consensus'] : []),
    ...(reasons.includes('uncertain') ? ['uncertain'] : []),
  ];
  return [`${deed}${direction === 'inbound' ? 'at' : 'from'} ${hosts}`, ...notes].join(', ');
}

/** The width left in a line after score, address, service and time. */
function whatWidth(addressLength: number): number {
  const columns = [5, Math.max(ADDRESS_WIDTH, addressLength), SERVICE_WIDTH, TIME_WIDTH];
  return LINE_WIDTH - columns.reduce((sum, width) => sum + width + 2, 2);
}

function fitted(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

/** `11-27 12:00` */
function timeText(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(5, 16).replace('T', ' ');
}
