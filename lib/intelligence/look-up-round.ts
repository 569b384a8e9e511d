import { isOverWithin } from '../aws/is-over-within.ts';
import type { TimeBudget } from '../aws/time-budget.ts';
import type { AnswerStore, RememberedAnswers } from './kept-answers.ts';
import type { LookUps, Subject } from './look-up.ts';
import type { LookUpFigures } from './look-up-figures.ts';
import { type LedgerSources, LookUpLedger } from './look-up-ledger.ts';
import { PROVIDER_NAMES } from './providers/provider.ts';

/** What look-ups need to know of an invocation's time. */
export type LookUpTimes = Pick<TimeBudget, 'tableReadEndMs' | 'callsEndMs' | 'waitLeftMs'>;

/** The look-ups of some messages: each address is looked up once, whoever names it. */
export interface LookUpRound {
  /**
   * Takes addresses in, with what memory knows about them.
   *
   * @returns whether that is all, so that there is nothing to wait for
   */
  add(subjects: readonly Subject[]): boolean;
  /** Finds out what memory does not know, within the time that verdicts can wait; what takes longer goes on. */
  find(times: LookUpTimes): Promise<void>;
  /** Gives what was looked up about an address until now; undefined if nothing was. */
  lookUpsOf(address: string): LookUps | undefined;
  /** Waits for the answers that took longer. @returns the addresses of which there is more to say now */
  complete(): Promise<ReadonlySet<string>>;
  figures(): LookUpFigures;
}

/** The sources as one invocation finds them. */
export interface RoundSources extends LedgerSources {
  readonly memory: RememberedAnswers;
  readonly answers: AnswerStore;
  /** How long from an invocation's start its verdicts may wait for providers, milliseconds. */
  readonly waitMs: number;
  /** The longest that one call of a provider may take, milliseconds. */
  readonly callTimeoutMs: number;
  /** Gets what goes on when verdicts wait no longer. */
  readonly onGoingOn: (completion: Promise<void>) => void;
}

/** Addresses about which the table is asked for one round. */
const MOST_READ = 2_000;

/** Looks addresses up in all sources that there are: lists, memory, the table, then the providers. */
export class SourcesRound implements LookUpRound {
  readonly #sources: RoundSources;
  readonly #ledger: LookUpLedger;
  /** Addresses about which the table may know more than memory. */
  readonly #unread = new Set<string>();
  /** Settles when nothing more will be found out. */
  #completion: Promise<void> = Promise.resolve();
  #callsEndMs = 0;

  constructor(sources: RoundSources) {
    this.#sources = sources;
    this.#ledger = new LookUpLedger(sources);
  }

  add(subjects: readonly Subject[]): boolean {
    const { memory } = this.#sources;
    let isAll = true;
    for (const subject of subjects) {
      const { address } = subject;
      this.#ledger.add(subject);
      const wanted = this.#ledger.unsettled(address);
      if (wanted.length === 0) continue;
      const answers = memory.recall(address, wanted);
      if (answers === undefined) this.#unread.add(address);
      else this.#ledger.recall(address, answers);
      isAll &&= answers !== undefined && this.#ledger.unsettled(address).length === 0;
    }
    return isAll;
  }

  async find(times: LookUpTimes): Promise<void> {
    const { waitMs, callTimeoutMs, onGoingOn } = this.#sources;
    await this.#read([...this.#unread].slice(0, MOST_READ), times.tableReadEndMs);
    this.#callsEndMs = times.callsEndMs(callTimeoutMs);
    this.#completion = this.#ask(this.#callsEndMs);
    onGoingOn(this.#completion);
    await isOverWithin(this.#completion, times.waitLeftMs(waitMs));
  }

  lookUpsOf(address: string): LookUps | undefined {
    return this.#ledger.lookUpsOf(address);
  }

  async complete(): Promise<ReadonlySet<string>> {
    // The quota's table can take longer than its share: what is written next must not wait for it.
    await isOverWithin(this.#completion, this.#callsEndMs - this.#sources.now());
    return this.#ledger.changed();
  }

  figures(): LookUpFigures {
    return this.#ledger.figures();
  }

  /** Takes what the table has; an address that it says nothing about is remembered too. */
  async #read(addresses: readonly string[], deadlineMs: number): Promise<void> {
    if (addresses.length === 0) return;
    const { answers, memory } = this.#sources;
    for (const [address, kept] of await answers.read(addresses, deadlineMs)) {
      memory.remember(address, kept);
      this.#ledger.recall(address, kept);
    }
  }

  /** Asks providers what is still open, the addresses that matter most first. */
  async #ask(endsAtMs: number): Promise<void> {
    const { keys, desks, memory } = this.#sources;
    const elsewhere = new Set<string>();
    const asking = PROVIDER_NAMES.map(async (name) => {
      const key = keys[name];
      const open = this.#ledger.open(name);
      if (key === undefined || open.length === 0) return;
      await desks[name].askAbout(open, key, endsAtMs, (address, outcome) => {
        if (outcome.outcome === 'answered') memory.add(address, name, outcome.kept);
        else if (outcome.outcome === 'elsewhere') elsewhere.add(address);
        this.#ledger.settle(address, name, outcome);
      });
    });
    await Promise.all(asking);
    await this.#read([...elsewhere], endsAtMs);
  }
}
