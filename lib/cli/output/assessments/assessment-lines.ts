import { DEFAULT_CONSENSUS_SETTINGS } from '../../../consensus/settings.ts';
import type { Vote } from '../../../consensus/vote.ts';
import { grouped } from '../../../statistics/count-text.ts';
import type { Assessment } from '../../../store/assessment.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { SUSPICIOUS_SCORE } from '../../results/suspicious-score.ts';
import { printable, styled } from '../terminal.ts';
import { lookUpText } from './look-up-lines.ts';

const PORTS_SHOWN = 3;

/** An assessment for a human: score, address and connections in one line, then a line for each vote. */
export function assessmentLines({ address, assessment, connections }: ReadAssessment): string[] {
  const { threat_score, votes, failures, lookups, allowed } = assessment;
  const ports = [...new Set(connections.map(({ dst_port, protocol }) => `${dst_port}/${protocol}`))];
  const more = ports.length > PORTS_SHOWN ? ` and ${ports.length - PORTS_SHOWN} more` : '';
  const number = connections.length === 1 ? '1 connection' : `${grouped(connections.length)} connections`;
  return [
    `  ${styled(scoreColour(threat_score), threat_score.toFixed(3))}  ${styled('bold', address)}  ${number} to ${printable(ports.slice(0, PORTS_SHOWN).join(', '))}${more}`,
    ...(allowed === undefined
      ? []
      : [`        ${styled('dim', `on the allowlist when it was scored: \`allow why ${address}\``)}`]),
    ...voteLines({ votes, failures }),
    ...(lookups === undefined ? [] : [`        ${styled('dim', lookUpText(lookups))}`]),
  ];
}

/** One line per scorer: its vote and reasons, or why it has none. */
export function voteLines({ votes, failures }: Pick<Assessment, 'votes' | 'failures'>): string[] {
  return [
    ...Object.entries(votes).map(([name, vote]) => voteLine(name, vote)),
    ...Object.entries(failures).map(
      ([name, reason]) => `        ${name.padEnd(12)} no vote: ${printable(reason)}`,
    ),
  ];
}

function voteLine(name: string, { score, confidence, reasoning }: Vote): string {
  const figures = `${score.toFixed(3)} ${styled('dim', `confidence ${confidence.toFixed(2)}`)}`;
  return `        ${name.padEnd(12)} ${figures}  ${printable(reasoning)}`;
}

/** Red from the malicious threshold on. */
export function scoreColour(score: number) {
  if (score >= DEFAULT_CONSENSUS_SETTINGS.maliciousThreshold) return 'red';
  return score >= SUSPICIOUS_SCORE ? 'yellow' : 'green';
}
