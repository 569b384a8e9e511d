import { urgencyOf } from '../../announcement/urgency.ts';
import { counted } from '../../statistics/count-text.ts';
import type { InsideHost } from '../results/inside-host.ts';
import { scoreColour } from './assessments/assessment-lines.ts';
import { fanOutText } from './fan-out-lines.ts';
import { styled } from './terminal.ts';

const HOST_WIDTH = 15;

/** A host for a human: the worst address it talked to, and below it what it tried. */
export function hostLines({ host, worst, addresses, fanOut }: InsideHost): string[] {
  const name = styled('bold', host) + ' '.repeat(Math.max(0, HOST_WIDTH - host.length));
  const tried = fanOut === undefined ? [] : [`  ${fanOut.pattern.padEnd(5)}  ${fanOutText(fanOut)}`];
  if (worst === undefined) return tried;
  const { score, address, direction } = worst;
  const did = direction === 'inbound' ? 'reached by' : 'talked to';
  const more = addresses > 1 ? `, and ${counted(addresses - 1, 'other address')}` : '';
  return [`  ${styled(scoreColour(score), score.toFixed(3))}  ${name}  ${did} ${address}${more}`, ...tried];
}

/** A host as `hosts --json` prints it. */
export function hostJson({ host, worst, addresses, fanOut }: InsideHost): string {
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
    addresses,
    fan_out: fanOut,
  });
}
