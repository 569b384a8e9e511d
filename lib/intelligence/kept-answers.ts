import type { ProviderAnswer, ProviderName } from './providers/provider.ts';

/** An answer as it is kept. */
export interface KeptAnswer {
  readonly answer: ProviderAnswer;
  /** Epoch milliseconds. */
  readonly answeredAtMs: number;
  /** Until when it is served as if it had just been given, epoch milliseconds. */
  readonly freshUntilMs: number;
}

/** What providers said about one address; old answers are among them. */
export type KeptAnswers = Readonly<Partial<Record<ProviderName, KeptAnswer>>>;

/** Where answers are kept for all executions. */
export interface AnswerStore {
  /**
   * Reads what is kept about addresses: nothing is an answer too. An address that was not read, by the deadline or at
   * all, is left out; never throws.
   */
  read(addresses: readonly string[], deadlineMs: number): Promise<Map<string, KeptAnswers>>;
  /** Announces that this execution asks; false if another one does, or has a fresh answer. */
  claim(provider: ProviderName, address: string, nowMs: number, untilMs: number): Promise<boolean>;
  keep(provider: ProviderName, address: string, kept: KeptAnswer): Promise<void>;
}

interface Remembered {
  readonly answers: KeptAnswers;
  readonly readAtMs: number;
}

/** An entry takes about 400 bytes. */
const MOST_ADDRESSES = 5_000;
/** For how long it is taken for granted that the table knows no more than it did. */
const UNCHANGED_MS = 60_000;

/** The execution environment's own memory of answers, in front of the table; what was not used longest goes first. */
export class RememberedAnswers {
  readonly #addresses = new Map<string, Remembered>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** What is remembered of an address, or undefined if the table may know more. */
  recall(address: string, providers: readonly ProviderName[]): KeptAnswers | undefined {
    const remembered = this.#addresses.get(address);
    if (remembered === undefined) return undefined;
    const nowMs = this.#now();
    const isCurrent =
      nowMs - remembered.readAtMs < UNCHANGED_MS ||
      providers.every((name) => (remembered.answers[name]?.freshUntilMs ?? 0) > nowMs);
    if (!isCurrent) return undefined;
    this.#addresses.delete(address);
    this.#addresses.set(address, remembered);
    return remembered.answers;
  }

  /** Remembers all that the table has about an address. */
  remember(address: string, answers: KeptAnswers): void {
    this.#addresses.delete(address);
    this.#addresses.set(address, { answers, readAtMs: this.#now() });
    if (this.#addresses.size <= MOST_ADDRESSES) return;
    const [oldest] = this.#addresses.keys();
    if (oldest !== undefined) this.#addresses.delete(oldest);
  }

  add(address: string, provider: ProviderName, kept: KeptAnswer): void {
    this.remember(address, { ...this.#addresses.get(address)?.answers, [provider]: kept });
  }
}
