import type { Label } from '../store/labels.ts';
import { share } from './share.ts';

/** How a score did against human labels. */
export interface Judgement {
  /** Labels whose assessment has the score. */
  readonly labels: number;
  /** Share on the right side of the malicious threshold; null without labels. */
  readonly accuracy: number | null;
  /** Missed: malicious ones below the threshold. False alarms: benign ones at or above it. */
  readonly missed: number;
  readonly false_alarms: number;
}

/** @param scoreOf the score at the time of labelling; undefined if there was none */
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
