import { counted, grouped } from '../../statistics/count-text.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import type { RunHighlights } from '../results/run-result.ts';
import { scoreColour } from './assessments/assessment-lines.ts';
import { hostsLine } from './assessments/hosts-line.ts';
import { styled } from './terminal.ts';

/** Unanswered connections from outside in one line, and the worst of them on request; empty if there were none. */
export function knockLines(knocks: RunHighlights['knocks'], isListing: boolean): string[] {
  const { addresses, connections, maliciousAddresses, worst } = knocks;
  if (addresses === 0) return [];
  const malicious =
    maliciousAddresses === 0 ? '' : `, ${grouped(maliciousAddresses)} of them malicious by what they tried`;
  const hint = isListing ? '' : ' (--knocks lists the worst)';
  const more = addresses - worst.length;
  return [
    `${styled('bold', 'Unanswered from outside')}: ${counted(connections, 'connection')} from ${counted(addresses, 'address')}${malicious}${hint}`,
    ...(isListing ? worst.map(knockLine) : []),
    ...(isListing && more > 0 ? [`  and ${counted(more, 'more address')}`] : []),
  ];
}

function knockLine(read: ReadAssessment): string {
  const { address, assessment, connections } = read;
  const score = styled(scoreColour(assessment.threat_score), assessment.threat_score.toFixed(3));
  return `  ${score}  ${address.padEnd(15)}  ${counted(connections.length, 'connection')}, ${hostsLine(read)}`;
}
