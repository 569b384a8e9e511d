import type { Message } from '@aws-sdk/client-sqs';
import { chunksOf } from '../../../aws/chunks.ts';
import { recordIdentity } from '../../../records/record-identity.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAssessmentsIn } from '../../../store/read-assessments.ts';
import { readSummaries } from '../../../store/read-summaries.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { UnitStatistics } from '../../../store/unit-statistics.ts';
import type { RejectedInput } from '../../results/run-result.ts';
import type { LedgerMessage } from '../push/ledger.ts';
import { rejectedInputs } from './rejections.ts';

/** What became of the pushed records, found out from the table and the rejected queue, not from what was hoped. */
export interface Account {
  readonly stored: number;
  /** Records identical to one stored before, in this run or an earlier one. */
  readonly duplicates: number;
  readonly rejected: readonly RejectedInput[];
  /** Places of records that are neither stored nor rejected: there should be none. */
  readonly missing: readonly number[];
  readonly statistics: readonly UnitStatistics[];
}

export interface AccountOptions {
  readonly table: TableAccess;
  readonly rejectedQueue: readonly Message[];
  /** Identities of what the table held before; those stored in this run are added. */
  readonly known: Set<string>;
  readonly onAssessment: (assessment: ReadAssessment) => void;
  readonly onProgress: (messages: number) => void;
}

/** Messages whose items are read side by side; bounds memory. */
const MESSAGES_AT_ONCE = 20;

/** Accounts for every record of every message. */
export async function accountFor(
  messages: readonly LedgerMessage[],
  options: AccountOptions,
): Promise<Account> {
  const rejections = rejectedInputs(options.rejectedQueue, messages);
  const counts = { stored: 0, duplicates: 0 };
  const missing: number[] = [];
  const statistics: UnitStatistics[] = [];
  const reported = new Set<string>();
  let done = 0;
  for (const chunk of chunksOf(messages, MESSAGES_AT_ONCE)) {
    const contents = await readContents(chunk, options, statistics, reported);
    for (const message of chunk) {
      const rejected = rejections.get(message);
      const stored = contents.get(message.contentHash);
      for (const [index, { position, identity }] of message.records.entries()) {
        if (rejected?.has(index)) continue;
        if (identity === undefined || !stored?.has(identity)) missing.push(position);
        else if (options.known.has(identity)) counts.duplicates++;
        else {
          options.known.add(identity);
          counts.stored++;
        }
      }
    }
    done += chunk.length;
    options.onProgress(done);
  }
  const rejected = [...rejections.values()].flatMap((places) => [...places.values()]);
  return {
    ...counts,
    rejected: rejected.sort(byPosition),
    missing: missing.sort((a, b) => a - b),
    statistics,
  };
}

/** Identities of the connections stored for each message, by content hash. */
async function readContents(
  messages: readonly LedgerMessage[],
  { table, onAssessment }: AccountOptions,
  statistics: UnitStatistics[],
  reported: Set<string>,
): Promise<Map<string, Set<string>>> {
  const nowMs = Date.now();
  const contents = new Map<string, Set<string>>();
  const hashes = [...new Set(messages.map((message) => message.contentHash))];
  for await (const summary of readSummaries(table, hashes, nowMs)) {
    const identities = new Set<string>();
    contents.set(summary.unit, identities);
    const isNew = !reported.has(summary.unit);
    reported.add(summary.unit);
    if (isNew) statistics.push(summary.statistics);
    for await (const assessment of readAssessmentsIn(table, summary, nowMs)) {
      if (isNew) onAssessment(assessment);
      for (const connection of assessment.connections) identities.add(recordIdentity(connection));
    }
  }
  return contents;
}

function byPosition(left: RejectedInput, right: RejectedInput): number {
  return left.position - right.position;
}
