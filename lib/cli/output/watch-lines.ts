import type { Urgency } from '../../announcement/urgency.ts';
import { urgencyOf } from '../../announcement/urgency.ts';
import type { FindingNews } from '../results/finding-news.ts';
import { printable, styled } from './terminal.ts';

/** The most important fact about a finding, in a word. */
const WORDS: Readonly<Record<Urgency, string>> = {
  calling: 'CALLED',
  guessing: 'GUESSING',
  answered: 'ANSWERED',
  other: 'look',
  knocking: 'knock',
};

const STYLES: Readonly<Record<Urgency, Parameters<typeof styled>[0]>> = {
  calling: ['red', 'bold'],
  guessing: ['red', 'bold'],
  answered: 'red',
  other: 'yellow',
  knocking: 'dim',
};

const HOSTS_SHOWN = 3;

/** A finding in one line. */
export function watchLine({ finding, scoreBefore }: FindingNews): string {
  const { ingestedAtMs, address, direction, score, pattern, localHosts, services, reasons } = finding;
  const urgency = urgencyOf(finding);
  const time = new Date(ingestedAtMs).toISOString().slice(11, 19);
  const change = scoreBefore !== undefined && scoreBefore < score ? ` (was ${scoreBefore.toFixed(2)})` : '';
  const ports = services.map(({ port, protocol }) => `${port}/${printable(protocol)}`).join(',');
  const more = localHosts.length > HOSTS_SHOWN ? ` and ${localHosts.length - HOSTS_SHOWN} more` : '';
  return [
    time,
    styled(STYLES[urgency], WORDS[urgency].padEnd(8)),
    `${score.toFixed(2)}${change}`,
    direction.padEnd(8),
    address,
    ports,
    `${localHosts.slice(0, HOSTS_SHOWN).join(',')}${more}`,
    pattern ?? '',
    reasons.join(','),
  ]
    .filter((column) => column !== '')
    .join('  ');
}

/** A finding as one JSON object. */
export function watchJson({ finding, scoreBefore }: FindingNews): string {
  const { ingestedAtMs, firstSeenMs, lastSeenMs, localHosts, revision: _, expiresAt: __, ...rest } = finding;
  return JSON.stringify({
    ...rest,
    urgency: urgencyOf(finding),
    ...(scoreBefore !== undefined && { score_before: scoreBefore }),
    local_hosts: localHosts,
    ingested_at: new Date(ingestedAtMs).toISOString(),
    first_seen: new Date(firstSeenMs).toISOString(),
    last_seen: new Date(lastSeenMs).toISOString(),
  });
}
