import type { Message } from '@aws-sdk/client-sqs';
import { chunksOf } from '../../../aws/chunks.ts';
import { recordIdentity } from '../../../records/record-identity.ts';
import type { TimedStatistics } from '../../../statistics/latencies.ts';
import { MILLISECONDS_PER_MINUTE } from '../../../store/keys.ts';
import { shortMessageId } from '../../../store/message-id.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAssessmentsIn } from '../../../store/read-assessments.ts';
import { type ReadSummary, readSummaries, readSummariesBetween } from '../../../store/read-summaries.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { RejectedInput } from '../../results/run-result.ts';
import type { LedgerMessage } from '../push/ledger.ts';
import { rejectedInputs } from './rejections.ts';

/** What became of the pushed records, read back from the table and the rejected queue. */
export interface Account {
  readonly stored: number;
  /** Records identical to one stored before, in this run or an earlier one. */
  readonly duplicates: number;
  readonly rejected: readonly RejectedInput[];
  /** Positions of records that are neither stored nor rejected; there should be none. */
  readonly missing: readonly number[];
  /** Statistics and times of their units. */
  readonly units: readonly TimedStatistics[];
}

export interface AccountOptions {
  readonly table: TableAccess;
  readonly rejectedQueue: readonly Message[];
  /** Identities of the records in the table before; those stored in this run are added. */
  readonly known: Set<string>;
  /** When the first message was sent, epoch milliseconds. */
  readonly startedAtMs: number;
  readonly onAssessment: (assessment: ReadAssessment) => void;
  readonly onProgress: (messages: number) => void;
}

/** Messages read concurrently; bounds memory. */
const MESSAGES_AT_ONCE = 20;
/** As in the service: a message with this many entries is a unit by itself, keyed by its content. */
const PACKED_ENTRIES = 64;

/** Accounts for every record of every message. */
export async function accountFor(
  messages: readonly LedgerMessage[],
  options: AccountOptions,
): Promise<Account> {
  const accounting = new Accounting(messages, options);
  const [packed = [], small = []] = [true, false].map((wanted) =>
    messages.filter(({ records }) => records.length >= PACKED_ENTRIES === wanted),
  );
  for (const chunk of chunksOf(packed, MESSAGES_AT_ONCE)) await accounting.addPacked(chunk);
  await accounting.addSmall(small);
  return accounting.account;
}

class Accounting {
  readonly #options: AccountOptions;
  readonly #rejections: ReturnType<typeof rejectedInputs>;
  readonly #counts = { stored: 0, duplicates: 0 };
  readonly #missing: number[] = [];
  readonly #units: TimedStatistics[] = [];
  readonly #reported = new Set<string>();
  readonly #nowMs = Date.now();
  #done = 0;

  constructor(messages: readonly LedgerMessage[], options: AccountOptions) {
    this.#options = options;
    this.#rejections = rejectedInputs(options.rejectedQueue, messages);
  }

  /** Accounts for messages that are units by themselves, keyed by their content. */
  async addPacked(messages: readonly LedgerMessage[]): Promise<void> {
    const contents = new Map<string, ReadonlySet<string>>();
    const hashes = [...new Set(messages.map((message) => message.contentHash))];
    for await (const summary of readSummaries(this.#options.table, hashes, this.#nowMs)) {
      contents.set(summary.unit, await this.#identitiesIn(summary));
    }
    for (const message of messages) this.#add(message, contents.get(message.contentHash));
  }

  /** Accounts for small messages, which are named by summaries from the time of the run. */
  async addSmall(messages: readonly LedgerMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const open = new Map(messages.map((message) => [shortMessageId(message.messageId), message]));
    const range = {
      fromMs: this.#options.startedAtMs - MILLISECONDS_PER_MINUTE,
      toMs: this.#nowMs,
      nowMs: this.#nowMs,
    };
    for await (const summary of readSummariesBetween(this.#options.table, range)) {
      const counted = summary.messages.flatMap((id) => open.get(id) ?? []);
      if (counted.length === 0) continue;
      const identities = await this.#identitiesIn(summary);
      for (const message of counted) {
        open.delete(shortMessageId(message.messageId));
        this.#add(message, identities);
      }
    }
    for (const message of open.values()) this.#add(message, undefined);
  }

  get account(): Account {
    const rejected = [...this.#rejections.values()].flatMap((places) => [...places.values()]);
    return {
      ...this.#counts,
      rejected: rejected.sort(byPosition),
      missing: this.#missing.sort((a, b) => a - b),
      units: this.#units,
    };
  }

  /** Identities of a unit's stored connections. */
  async #identitiesIn(summary: ReadSummary): Promise<ReadonlySet<string>> {
    const { table, onAssessment } = this.#options;
    const identities = new Set<string>();
    const isNew = !this.#reported.has(summary.unit);
    this.#reported.add(summary.unit);
    if (isNew) {
      const { times, statistics } = summary;
      this.#units.push({ ...times, statistics });
    }
    for await (const assessment of readAssessmentsIn(table, summary, this.#nowMs)) {
      if (isNew) onAssessment(assessment);
      for (const connection of assessment.connections) identities.add(recordIdentity(connection));
    }
    return identities;
  }

  #add(message: LedgerMessage, stored: ReadonlySet<string> | undefined): void {
    const { known, onProgress } = this.#options;
    const rejected = this.#rejections.get(message);
    for (const [index, { position, identity }] of message.records.entries()) {
      if (rejected?.has(index)) continue;
      if (identity === undefined || !stored?.has(identity)) this.#missing.push(position);
      else if (known.has(identity)) this.#counts.duplicates++;
      else {
        known.add(identity);
        this.#counts.stored++;
      }
    }
    onProgress(++this.#done);
  }
}

function byPosition(left: RejectedInput, right: RejectedInput): number {
  return left.position - right.position;
}
