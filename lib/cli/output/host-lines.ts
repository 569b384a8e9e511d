import type { SiteHost } from '../../announcement/site-hosts.ts';
import { urgencyOf } from '../../announcement/urgency.ts';
import type { Finding } from '../../store/finding.ts';
import { scoreColour } from './assessments/assessment-lines.ts';
import { fanOutText } from './fan-out-lines.ts';
import { contactsText } from './host-contacts.ts';
import { printable, styled } from './terminal.ts';

const HOST_WIDTH = 15;

/** A host for a human: the worst score and what it talked to, and below it what it tried. */
export function hostLines({ host, contacts, fanOut }: SiteHost<Finding>): string[] {
  const name = styled('bold', host) + ' '.repeat(Math.max(0, HOST_WIDTH - host.length));
  const tried = fanOut === undefined ? [] : [`  ${fanOut.pattern.padEnd(5)}  ${fanOutText(fanOut)}`];
  const [worst] = contacts;
  if (worst === undefined) return tried;
  const { score } = worst;
  const named = contacts.map((contact) => ({ address: contact.address, urgency: urgencyOf(contact) }));
  return [
    `  ${styled(scoreColour(score), score.toFixed(3))}  ${name}  ${printable(contactsText(named))}`,
    ...tried,
  ];
}

/** A host as `hosts --json` prints it. */
export function hostJson({ host, contacts, fanOut }: SiteHost<Finding>): string {
  const [worst] = contacts;
  return JSON.stringify({
    host,
    worst: worst && {
      address: worst.address,
      threat_score: worst.score,
      direction: worst.direction,
      urgency: urgencyOf(worst),
      reasons: worst.reasons,
      pattern: worst.pattern,
      assessment: worst.assessment,
    },
    addresses: new Set(contacts.map(({ address }) => address)).size,
    fan_out: fanOut,
  });
}
