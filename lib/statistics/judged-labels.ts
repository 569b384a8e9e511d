import type { Label } from '../store/labels.ts';
import { share } from './share.ts';

/** How a score did on what humans labelled. */
export interface Judgement {
  /** Labels whose assessment had the score. */
  readonly labels: number;
  /** Share on the right side of the malicious threshold; null without labels. */
  readonly accuracy: number | null;
  /** Malicious ones that it did not call so, and benign ones that it did. */
  readonly missed: number;
  readonly false_alarms: number;
}

/** @param scoreOf the score as it was when the label was given; undefined if there was none */
export function judge(
  labels: readonly Label[],
  scoreOf: (snapshot: Label['snapshot']) => number | undefined,
  maliciousThreshold: number,
): Judgement {
  let judged = 0;
  let missed = 0;
  let false_alarms = 0;
  for (const { label, snapshot } of labels) {
    const score = scoreOf(snapshot);
    if (score === undefined) continue;
    judged++;
    if (label === 'malicious' && score < maliciousThreshold) missed++;
    if (label === 'benign' && score >= maliciousThreshold) false_alarms++;
  }
  const accuracy = share(judged - missed - false_alarms, judged);
  return { labels: judged, accuracy, missed, false_alarms };
}
