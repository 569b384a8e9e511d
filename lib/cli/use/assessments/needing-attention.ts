import { type AttentionReason, attentionReasons } from '../../../store/assessment.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAttention } from '../../../store/read-assessments.ts';
import { maliciousThresholdOf } from '../../../store/settings-stamp.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { SeenRange } from '../../results/seen-range.ts';
import { seenIn } from '../seen-range.ts';
import { take } from '../take.ts';

export interface AttentionOptions {
  readonly limit: number;
  /** Which reasons count; without any of them, all do. */
  readonly malicious?: true;
  readonly uncertain?: true;
  readonly failed?: true;
}

/** Reads the assessments of a time range that need a human, newest first, with a connection that was seen in another. */
export function needingAttention(
  table: TableAccess,
  range: TimeRange,
  seen: SeenRange,
  options: AttentionOptions,
): AsyncGenerator<ReadAssessment> {
  const found = seenIn(seen, wanted(readAttention(table, range), reasonsOf(options)));
  return take(found, options.limit);
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
