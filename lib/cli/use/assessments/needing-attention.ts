import { type AttentionReason, attentionReasons } from '../../../store/assessment.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAttention } from '../../../store/read-assessments.ts';
import { maliciousThresholdOf } from '../../../store/settings-stamp.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import { take } from '../take.ts';

export interface AttentionOptions {
  readonly limit: number;
  /** Which reasons count; without any of them, all do. */
  readonly malicious?: true;
  readonly uncertain?: true;
  readonly failed?: true;
}

/** Reads the assessments of a time range that need a human, newest first. */
export function needingAttention(
  table: TableAccess,
  range: TimeRange,
  options: AttentionOptions,
): AsyncGenerator<ReadAssessment> {
  return take(wanted(readAttention(table, range), reasonsOf(options)), options.limit);
}

function reasonsOf({ malicious, uncertain, failed }: AttentionOptions): ReadonlySet<AttentionReason> {
  if (!malicious && !uncertain && !failed) return new Set(['malicious', 'uncertain', 'failed']);
  const reasons = new Set<AttentionReason>();
  if (malicious) reasons.add('malicious');
  if (uncertain) reasons.add('uncertain');
  if (failed) reasons.add('failed');
  return reasons;
}

async function* wanted(
  assessments: AsyncIterable<ReadAssessment>,
  reasons: ReadonlySet<AttentionReason>,
): AsyncGenerator<ReadAssessment> {
  for await (const read of assessments) {
    const threshold = maliciousThresholdOf(read.settings);
    const found = attentionReasons(read.assessment, threshold);
    if (found.some((reason) => reasons.has(reason))) yield read;
  }
}
