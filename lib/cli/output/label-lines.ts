import { DEFAULT_CONSENSUS_SETTINGS } from '../../consensus/settings.ts';
import type { Label } from '../../store/labels.ts';
import { styled } from './terminal.ts';
import { writeLines } from './write-lines.ts';

/** Prints the first labels as they are read, for a human or as JSON lines, and reads the others too. */
export async function printLabels(
  labels: AsyncIterable<Label>,
  limit: number,
  isJson: boolean,
): Promise<void> {
  let count = 0;
  const lines = async function* () {
    for await (const label of labels) {
      if (count++ >= limit) continue;
      if (isJson) yield labelJson(label);
      else yield* labelLines(label);
    }
  };
  await writeLines(lines());
}

/** A label for a human: what it says, and how it compares with the votes at that time. */
export function labelLines({
  assessment,
  address,
  label,
  isOfAddress,
  incidentDetected,
  labelledAtMs,
  snapshot,
}: Label): string[] {
  const whole = isOfAddress ? ' as a whole' : '';
  const incident = incidentDetected ? ', an incident' : '';
  const { votes, threat_score, consensus_score, legacy_score } = snapshot;
  const judged = Object.entries(votes).map(([name, { score }]) => `${name} ${judge(score, label)}`);
  if (legacy_score !== undefined) judged.push(`legacy ${judge(legacy_score, label)}`);
  const decisive =
    consensus_score === undefined
      ? `score ${judge(threat_score, label)}`
      : `consensus ${judge(consensus_score, label)}`;
  return [
    `  ${styled(label === 'malicious' ? 'red' : 'green', label.padEnd(9))}  ${styled('bold', address)}${whole}${incident}; ${decisive}`,
    `        ${judged.join(', ')}`,
    styled('dim', `        labelled ${new Date(labelledAtMs).toISOString()}, id ${assessment}`),
  ];
}

function judge(score: number, label: Label['label']): string {
  const isRight = score >= DEFAULT_CONSENSUS_SETTINGS.maliciousThreshold === (label === 'malicious');
  return `${score.toFixed(3)} ${isRight ? styled('green', 'right') : styled('red', 'wrong')}`;
}

/** A label as JSON, for programs. */
export function labelJson({
  assessment,
  address,
  label,
  isOfAddress,
  incidentDetected,
  labelledAtMs,
  snapshot,
}: Label): string {
  return JSON.stringify({
    assessment,
    address,
    ground_truth: label,
    whole_address: isOfAddress,
    incident_detected: incidentDetected,
    labelled_at: labelledAtMs,
    snapshot,
  });
}
