import type { TimeBudget } from '../aws/time-budget.ts';
import { type AnswerStore, RememberedAnswers } from './kept-answers.ts';
import type { ApiKeys, CachedApiKeys } from './keys/api-keys.ts';
import type { Blocklists } from './lists/blocklists.ts';
import type { Subject } from './look-up.ts';
import { LookUpRound } from './look-up-round.ts';
import { PROVIDER_NAMES, type ProviderName } from './providers/provider.ts';
import type { ProviderDesk } from './providers/provider-desk.ts';

export interface LookUpOptions {
  readonly desks: Readonly<Record<ProviderName, ProviderDesk>>;
  readonly keys: CachedApiKeys;
  readonly answers: AnswerStore;
  readonly blocklists: Blocklists;
  /** How long from an invocation's start its verdicts may wait for providers, milliseconds. */
  readonly waitMs: number;
  /** How long all that a batch looks up may take, milliseconds. */
  readonly longestMs: number;
  readonly now?: () => number;
}

/** The longest that verdicts wait for the table and for the keys: usually a few milliseconds, once in a while. */
const TABLE_PATIENCE_MS = 500;
/** Addresses about which the table is asked for one batch. */
const MOST_READ = 2_000;

/** What look-ups need to know of an invocation's time, epoch milliseconds. */
export type LookUpTimes = Pick<TimeBudget, 'startedAtMs' | 'lookUpsEndMs'>;

/** Looks up addresses in all sources that are there: memory, the table, then the providers. */
export class Intelligence {
  readonly #options: LookUpOptions;
  readonly #memory: RememberedAnswers;
  readonly #now: () => number;

  constructor(options: LookUpOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#memory = new RememberedAnswers(this.#now);
  }

  /**
   * Finds out which sources there are; where that takes long, an invocation goes on with those that it knows.
   *
   * @returns undefined where there are none, so that there is nothing to look up
   */
  async open(): Promise<ApiKeys | undefined> {
    const { keys, blocklists } = this.#options;
    const patience = sleep(TABLE_PATIENCE_MS);
    const [current] = await Promise.all([keys.current(patience.over), blocklists.ready(patience.over)]);
    patience.cancel();
    return Object.keys(current).length === 0 && blocklists.isEmpty ? undefined : current;
  }

  /** @param keys of the providers to be asked */
  start(keys: ApiKeys): LookUpRound {
    return new LookUpRound(keys, this.#options.desks, this.#options.blocklists);
  }

  /**
   * Takes addresses into a round, with what memory knows about them.
   *
   * @returns whether that is all, so that there is nothing to wait for
   */
  add(round: LookUpRound, subjects: readonly Subject[]): boolean {
    let isAll = true;
    for (const subject of subjects) {
      const { address } = subject;
      round.add(subject);
      const wanted = round.unsettled(address);
      if (wanted.length === 0) continue;
      const answers = this.#memory.recall(address, wanted);
      if (answers === undefined) round.unread.add(address);
      else round.recall(address, answers, this.#now());
      isAll &&= answers !== undefined && round.unsettled(address).length === 0;
    }
    return isAll;
  }

  /**
   * Finds out what memory does not know, within the time that verdicts can wait; what takes longer goes on and is there
   * when the round is complete. Never throws: what cannot be found out is said in the outcome.
   *
   * @param budget time of the invocation
   */
  async find(round: LookUpRound, { startedAtMs, lookUpsEndMs }: LookUpTimes): Promise<void> {
    const { waitMs, longestMs } = this.#options;
    await this.#read(round, Math.min(lookUpsEndMs, this.#now() + TABLE_PATIENCE_MS));
    round.completion = this.#ask(round, Math.min(lookUpsEndMs, this.#now() + longestMs));
    const wait = sleep(startedAtMs + waitMs - this.#now());
    await Promise.race([round.completion, wait.over]);
    wait.cancel();
  }

  /** Takes what the table has. */
  async #read(round: LookUpRound, deadlineMs: number): Promise<void> {
    const reading = [...round.unread].slice(0, MOST_READ);
    if (reading.length === 0) return;
    const read = await this.#options.answers.read(reading, deadlineMs).catch(() => undefined);
    if (read === undefined) return;
    for (const address of reading) {
      const answers = read.get(address) ?? {};
      this.#memory.remember(address, answers);
      round.recall(address, answers, this.#now());
    }
  }

  /** Asks providers what is still open, the addresses that matter most first. */
  async #ask(round: LookUpRound, endsAtMs: number): Promise<void> {
    const { desks, answers } = this.#options;
    const elsewhere = new Set<string>();
    const rounds = PROVIDER_NAMES.map(async (name) => {
      const key = round.keys[name];
      const open = round.open(name);
      if (key === undefined || open.length === 0) return;
      await desks[name].askAbout(open, key, endsAtMs, (address, outcome) => {
        if (outcome.outcome === 'answered') this.#memory.add(address, name, outcome.kept);
        else if (outcome.outcome === 'elsewhere') elsewhere.add(address);
        round.settle(address, name, outcome);
      });
    });
    await Promise.all(rounds);
    if (elsewhere.size === 0) return;
    const read = await answers.read([...elsewhere], endsAtMs).catch(() => undefined);
    for (const [address, kept] of read ?? []) {
      this.#memory.remember(address, kept);
      round.recall(address, kept, this.#now());
    }
  }
}

/** A wait that can be called off. */
function sleep(milliseconds: number): { over: Promise<void>; cancel: () => void } {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, milliseconds));
  return { over, cancel: () => clearTimeout(timer) };
}
