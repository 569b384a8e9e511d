import { isOverWithin } from '../aws/is-over-within.ts';
import type { RefreshedValue } from '../aws/refreshed-value.ts';
import { type AnswerStore, RememberedAnswers } from './kept-answers.ts';
import type { ApiKeys } from './keys/api-keys.ts';
import type { NamedLists } from './lists/named-lists.ts';
import { type LookUpRound, SourcesRound } from './look-up-round.ts';
import type { ProviderName } from './providers/provider.ts';
import type { ProviderDesk } from './providers/provider-desk.ts';

export interface IntelligenceOptions {
  readonly desks: Readonly<Record<ProviderName, ProviderDesk>>;
  readonly keys: RefreshedValue<ApiKeys>;
  readonly lists: RefreshedValue<NamedLists>;
  readonly answers: AnswerStore;
  /** How long from an invocation's start its verdicts may wait for providers, milliseconds. */
  readonly waitMs: number;
  /** Time limit of one call to a provider, milliseconds. */
  readonly callTimeoutMs: number;
  /** Whether documentation addresses are looked up too. */
  readonly withDocumentation: boolean;
  readonly now?: () => number;
}

/** The sources of intelligence available to one invocation. */
export interface LookUpSources {
  /** Whether documentation addresses are looked up too. */
  readonly withDocumentation: boolean;
  /** Starts the look-ups of some messages. */
  start(): LookUpRound;
}

/** The available sources of look-ups. */
export interface OpenedIntelligence {
  /** Absent if there is no source: nothing is looked up. */
  readonly lookUp: LookUpSources | undefined;
  /** Keys or lists could not be read in full: older ones are used, or fewer, or none. */
  readonly isOutdated: boolean;
}

/** What an execution environment knows and can look up about addresses. */
export class Intelligence {
  readonly #options: IntelligenceOptions;
  readonly #now: () => number;
  readonly #memory: RememberedAnswers;
  /** Look-ups that verdicts did not wait for. */
  readonly #goingOn = new Set<Promise<void>>();

  constructor(options: IntelligenceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#memory = new RememberedAnswers(this.#now);
  }

  /** Determines the available sources; if that takes long, the invocation continues with those it knows. */
  async open(): Promise<OpenedIntelligence> {
    const { withDocumentation } = this.#options;
    const [keys, lists] = await Promise.all([this.#options.keys.current(), this.#options.lists.current()]);
    const isOutdated = keys.problem !== undefined || lists.problem !== undefined || lists.value.isIncomplete;
    if (Object.keys(keys.value).length === 0 && lists.value.isEmpty) return { lookUp: undefined, isOutdated };
    const start = () => this.#start(keys.value, lists.value);
    return { lookUp: { withDocumentation, start }, isOutdated };
  }

  /**
   * Ends pending work, since the invocation ends: refreshes of keys and lists, and look-ups whose verdicts failed.
   *
   * @param deadlineMs end of the time available for waiting, epoch milliseconds
   */
  async settle(deadlineMs: number): Promise<void> {
    await Promise.all([
      this.#options.keys.settle(deadlineMs),
      this.#options.lists.settle(deadlineMs),
      isOverWithin(Promise.allSettled(this.#goingOn), deadlineMs - this.#now()),
    ]);
  }

  #start(keys: ApiKeys, lists: NamedLists): LookUpRound {
    const { desks, answers, waitMs, callTimeoutMs } = this.#options;
    const onGoingOn = (completion: Promise<void>) => {
      const ended = completion.catch(() => {}).finally(() => this.#goingOn.delete(ended));
      this.#goingOn.add(ended);
    };
    const now = this.#now;
    const memory = this.#memory;
    return new SourcesRound({ keys, lists, desks, answers, memory, waitMs, callTimeoutMs, now, onGoingOn });
  }
}
