import { type Urgency, urgencyOf } from '../../announcement/urgency.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import type { AttentionEntry } from '../results/attention.ts';
import {
  attentionHeader,
  attentionJson,
  attentionLine,
  entryVoteLines,
  urgencyHeading,
} from './attention-lines.ts';
import { writeLines } from './write-lines.ts';

interface PrintOptions {
  readonly isJson: boolean;
  /** Whether the entries are in order of urgency, so that headings can go between them. */
  readonly hasHeadings: boolean;
  /** Reads the verdict behind an entry; undefined if votes were not requested. */
  readonly verdictOf?: ((entry: AttentionEntry) => Promise<ReadAssessment | undefined>) | undefined;
}

/** Prints addresses that need a human, one line each, as verdicts are read. */
export async function printAttention(
  entries: readonly AttentionEntry[],
  { isJson, hasHeadings, verdictOf }: PrintOptions,
): Promise<void> {
  const lines = async function* () {
    if (!isJson && entries.length > 0) yield attentionHeader();
    let last: Urgency | undefined;
    for (const entry of entries) {
      const urgency = urgencyOf(entry.worst);
      if (!isJson && hasHeadings && urgency !== last) yield urgencyHeading(urgency);
      last = urgency;
      const verdict = await verdictOf?.(entry);
      if (isJson) yield attentionJson(entry, verdict);
      else {
        yield attentionLine(entry);
        if (verdictOf !== undefined) yield* entryVoteLines(verdict);
      }
    }
  };
  await writeLines(lines());
}
