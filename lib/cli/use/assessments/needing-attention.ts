import { compareUrgency, urgencyOf } from '../../../announcement/urgency.ts';
import { type AttentionReason, attentionReasons } from '../../../store/assessment.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAttention } from '../../../store/read-assessments.ts';
import { maliciousThresholdOf } from '../../../store/settings-stamp.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { SeenRange } from '../../results/seen-range.ts';
import { seenIn } from '../seen-range.ts';
import { urgentAssessment } from './urgent-assessment.ts';

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
  /** The most urgent first; of equally urgent ones the newest. */
  readonly assessments: readonly ReadAssessment[];
  /** How many addresses are left out because nothing answered them. */
  readonly knockingAddresses: number;
}

/** Reads the assessments of a time range that need a human and cover a connection that was seen in another. */
export async function needingAttention(
  table: TableAccess,
  range: TimeRange,
  seen: SeenRange,
  options: AttentionOptions,
): Promise<Attention> {
  const most = new MostUrgent(options.limit);
  const knocking = new Set<string>();
  for await (const read of seenIn(seen, wanted(readAttention(table, range), reasonsOf(options)))) {
    const isKnocking = urgencyOf(urgentAssessment(read)) === 'knocking';
    if (isKnocking && !options.knocks) knocking.add(read.address);
    else most.add(read);
  }
  return { assessments: most.inOrder, knockingAddresses: knocking.size };
}

/** Keeps the most urgent of any number of assessments, in memory for twice as many as are asked for. */
class MostUrgent {
  readonly #limit: number;
  #kept: ReadAssessment[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(read: ReadAssessment): void {
    if (this.#kept.push(read) >= 2 * this.#limit) this.#kept = this.inOrder;
  }

  get inOrder(): ReadAssessment[] {
    const urgents = this.#kept.map((read) => ({ read, urgent: urgentAssessment(read) }));
    urgents.sort((left, right) => compareUrgency(left.urgent, right.urgent));
    return urgents.slice(0, this.#limit).map(({ read }) => read);
  }
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
