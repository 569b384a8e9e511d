import type { ConnectionRecord } from '../../../records/connection-record.ts';
import { grouped } from '../../../statistics/count-text.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { stampTitle } from '../../../store/settings-stamp.ts';
import { printable, styled } from '../terminal.ts';
import { assessmentLines } from './assessment-lines.ts';
import { evidenceLines } from './evidence-lines.ts';

const CONNECTIONS_SHOWN = 5;

/** An assessment in full for a human: what it says, when it came, its id, and the connections it covers. */
export function describeAssessment(read: ReadAssessment): string[] {
  const { id, ingestedAtMs, assessment, settings, connections } = read;
  const inForce = settings === undefined ? '' : `settings ${stampTitle(settings)}, `;
  const more = connections.length - CONNECTIONS_SHOWN;
  return [
    ...assessmentLines(read),
    ...[...evidenceLines(read), ...remarks(read)].map((remark) => `        ${remark}`),
    ...connections.slice(0, CONNECTIONS_SHOWN).map((connection) => `        ${connectionLine(connection)}`),
    ...(more > 0 ? [`        and ${grouped(more)} more connections (--json lists them)`] : []),
    styled(
      'dim',
      `        arrived ${new Date(ingestedAtMs).toISOString()}, engine ${assessment.engine_version}, ${inForce}id ${id}`,
    ),
  ];
}

function remarks({ assessment }: ReadAssessment): string[] {
  const found: string[] = [];
  if (assessment.method === 'failed')
    found.push(styled('red', `no consensus: ${printable(assessment.reason)}`));
  else if (assessment.method === 'median' && assessment.high_uncertainty) {
    const outliers = assessment.outliers.length > 0 ? `; far off: ${assessment.outliers.join(', ')}` : '';
    found.push(
      styled('yellow', `high uncertainty: votes are ${assessment.spread.toFixed(3)} apart${outliers}`),
    );
  }
  if (assessment.scored_by !== 'consensus') found.push(`scored by: ${assessment.scored_by}`);
  if (assessment.method === 'none') found.push('mode legacy: the scorers were not asked');
  if (assessment.method === 'median' && assessment.legacy_score !== undefined) {
    const scores = `legacy ${assessment.legacy_score.toFixed(3)}, consensus ${assessment.consensus_score.toFixed(3)}`;
    found.push(`scores: ${scores}`);
  }
  if (assessment.legacy_failure !== undefined)
    found.push(styled('red', `no legacy score: ${printable(assessment.legacy_failure)}`));
  if (assessment.evidence.length === 0) {
    const score = assessment.scored_by === 'consensus' ? 'the base rate' : 'the same for all such addresses';
    found.push(`no evidence: nothing is known about this address; the score is ${score}`);
  }
  return found;
}

function connectionLine({
  timestamp,
  src_ip,
  src_port,
  dst_ip,
  dst_port,
  protocol,
  id,
}: ConnectionRecord): string {
  const source = src_port === undefined ? src_ip : `${src_ip} port ${src_port}`;
  const name = id === undefined ? '' : `  ${printable(id)}`;
  return `${new Date(timestamp * 1000).toISOString()}  ${source} to ${dst_ip} port ${dst_port}/${printable(protocol)}${name}`;
}
