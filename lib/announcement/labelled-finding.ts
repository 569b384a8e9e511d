import { parseAssessmentId } from '../store/assessment-id.ts';
import type { Finding } from '../store/finding.ts';
import type { Label } from '../store/labels.ts';
import { isWorse } from './worse.ts';

/**
 * Finds the label that applies to a finding: the newest given to its address as a whole, or to an assessment of the
 * only service it names.
 *
 * @param labels of the finding's address, in any order
 */
export function labelOfFinding(
  finding: Pick<Finding, 'direction' | 'services'>,
  labels: readonly Label[],
): Label | undefined {
  const speaking = labels.filter((label) => label.isOfAddress || isOfOnlyService(label, finding));
  return speaking.toSorted((a, b) => b.labelledAtMs - a.labelledAtMs)[0];
}

function isOfOnlyService(
  { assessment }: Label,
  { direction, services }: Pick<Finding, 'direction' | 'services'>,
): boolean {
  const [service, ...others] = services;
  if (service === undefined || others.length > 0) return false;
  const name = `${service.port}/${service.protocol}/${direction}`;
  const { endpoint = '' } = parseAssessmentId(assessment) ?? {};
  return endpoint === name || endpoint.startsWith(`${name}/`);
}

/**
 * Whether a label settles a finding: a benign one until the score is 0.1 worse than when it was given, a malicious one
 * until the finding has news.
 */
export function isSettledBy({ label, labelledAtMs, snapshot }: Label, finding: Finding): boolean {
  if (label === 'benign') return !isWorse(finding.score, snapshot.threat_score);
  return finding.ingestedAtMs <= labelledAtMs;
}

/** Whether the label that applies to a finding settles it. */
export function isSettled(finding: Finding, labels: readonly Label[]): boolean {
  const label = labelOfFinding(finding, labels);
  return label !== undefined && isSettledBy(label, finding);
}
