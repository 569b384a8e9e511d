import { compareUrgency, urgencyOf } from '../../../announcement/urgency.ts';
import { ATTENTION_REASONS, type AttentionReason, attentionReasons } from '../../../store/assessment.ts';
import type { Finding } from '../../../store/finding.ts';
import { readFindingAssessments } from '../../../store/finding-assessments.ts';
import { readFindings } from '../../../store/findings.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { maliciousThresholdOf } from '../../../store/settings-stamp.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { SeenRange } from '../../results/seen-range.ts';
import { isSeenIn } from '../seen-range.ts';

export interface AttentionOptions {
  readonly limit: number;
  /** Which reasons count; without any of them, all do. */
  readonly malicious?: true;
  readonly uncertain?: true;
  readonly failed?: true;
  /** Shows unanswered knocks too, which are only counted otherwise. */
  readonly knocks?: true;
}

export interface Attention {
  /** One for each finding, the most urgent first; of equally urgent ones the worst. */
  readonly assessments: readonly ReadAssessment[];
  /** How many addresses are left out because nothing answered them. */
  readonly knockingAddresses: number;
}

/**
 * Reads what needs a human: the findings of a time range, each with the assessment that shows it and that covers a
 * connection which was seen in another range.
 */
export async function needingAttention(
  table: TableAccess,
  range: TimeRange,
  seen: SeenRange,
  options: AttentionOptions,
): Promise<Attention> {
  const reasons = reasonsOf(options);
  const findings: Finding[] = [];
  const knocking = new Set<string>();
  for await (const finding of readFindings(table, range)) {
    if (!finding.reasons.some((reason) => reasons.has(reason))) continue;
    if (urgencyOf(finding) === 'knocking' && !options.knocks) knocking.add(finding.address);
    else findings.push(finding);
  }
  findings.sort(compareUrgency);
  const isWanted = ({ assessment, settings, connections }: ReadAssessment) =>
    attentionReasons(assessment, maliciousThresholdOf(settings)).some((reason) => reasons.has(reason)) &&
    connections.some(({ timestamp }) => isSeenIn(seen, timestamp));
  const assessments = new Map<string, ReadAssessment>();
  // One assessment may cover an address in both directions.
  for await (const { read } of readFindingAssessments(table, findings, range.nowMs, isWanted)) {
    assessments.set(read.id, read);
    if (assessments.size >= options.limit) break;
  }
  return { assessments: [...assessments.values()], knockingAddresses: knocking.size };
}

function reasonsOf({ malicious, uncertain, failed }: AttentionOptions): ReadonlySet<AttentionReason> {
  const isAsked = { malicious, uncertain, failed };
  const asked = ATTENTION_REASONS.filter((reason) => isAsked[reason] === true);
  return new Set(asked.length === 0 ? ATTENTION_REASONS : asked);
}
