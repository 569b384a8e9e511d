import { isOverWithin } from '../aws/is-over-within.ts';
import type { TimeBudget } from '../aws/time-budget.ts';
import type { AnswerStore, RememberedAnswers } from './kept-answers.ts';
import type { LookUps, Subject } from './look-up.ts';
import type { LookUpFigures } from './look-up-figures.ts';
import { type LedgerSources, LookUpLedger } from './look-up-ledger.ts';
import { PROVIDER_NAMES } from './providers/provider.ts';

/** The parts of an invocation's time that look-ups need. */
export type LookUpTimes = Pick<TimeBudget, 'tableReadEndMs' | 'callsEndMs' | 'waitLeftMs'>;

/** The look-ups for some messages: each address is looked up once, whichever record names it. */
export interface LookUpRound {
  /**
   * Adds addresses, with what memory knows about them.
   *
   * @returns whether that is everything, so that there is nothing to wait for
   */
  add(subjects: readonly Subject[]): boolean;
  /** Looks up what memory does not know, within the time that verdicts can wait; slower look-ups continue. */
  find(times: LookUpTimes): Promise<void>;
  /** Returns the current look-up results for an address; undefined if there are none. */
  lookUpsOf(address: string): LookUps | undefined;
  /** Waits for the answers that took longer. @returns the addresses with new results */
  complete(): Promise<ReadonlySet<string>>;
  figures(): LookUpFigures;
}

/** The sources available to one invocation. */
export interface RoundSources extends LedgerSources {
  readonly memory: RememberedAnswers;
  readonly answers: AnswerStore;
  /** How long from an invocation's start its verdicts may wait for providers, milliseconds. */
  readonly waitMs: number;
  /** Time limit of one call to a provider, milliseconds. */
  readonly callTimeoutMs: number;
  /** Called with the look-ups that continue after verdicts stop waiting. */
  readonly onGoingOn: (completion: Promise<void>) => void;
}

/** Most addresses read from the table in one round. */
const MOST_READ = 2_000;

/** Looks addresses up in all available sources: lists, memory, the table, then the providers. */
export class SourcesRound implements LookUpRound {
  readonly #sources: RoundSources;
  readonly #ledger: LookUpLedger;
  /** Addresses about which the table may know more than memory. */
  readonly #unread = new Set<string>();
  /** Settles when all look-ups are done. */
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
    // The quota's table can take longer than its share: the next writes must not wait for it.
    await isOverWithin(this.#completion, this.#callsEndMs - this.#sources.now());
    return this.#ledger.changed();
  }

  figures(): LookUpFigures {
    return this.#ledger.figures();
  }

  /** Adds the answers in the table; addresses without any are remembered too. */
  async #read(addresses: readonly string[], deadlineMs: number): Promise<void> {
    if (addresses.length === 0) return;
    const { answers, memory } = this.#sources;
    for (const [address, kept] of await answers.read(addresses, deadlineMs)) {
      memory.remember(address, kept);
      this.#ledger.recall(address, kept);
    }
  }

  /** Asks providers about the open addresses, the most important first. */
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
