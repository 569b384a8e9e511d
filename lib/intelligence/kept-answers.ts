import type { ProviderAnswer, ProviderName } from './providers/provider.ts';

/** A stored answer. */
export interface KeptAnswer {
  readonly answer: ProviderAnswer;
  /** Epoch milliseconds. */
  readonly answeredAtMs: number;
  /** Until when it is served as fresh, epoch milliseconds. */
  readonly freshUntilMs: number;
}

/** Providers' answers about one address, old ones included. */
export type KeptAnswers = Readonly<Partial<Record<ProviderName, KeptAnswer>>>;

/** Storage of answers, shared by all executions. */
export interface AnswerStore {
  /**
   * Reads the stored answers about addresses; an address without any has an empty entry. Addresses not read by the
   * deadline, or at all, are left out; never throws.
   */
  read(addresses: readonly string[], deadlineMs: number): Promise<Map<string, KeptAnswers>>;
  /** Claims a question for this execution; false if another one has claimed it or has a fresh answer. */
  claim(provider: ProviderName, address: string, nowMs: number, untilMs: number): Promise<boolean>;
  keep(provider: ProviderName, address: string, kept: KeptAnswer): Promise<void>;
}

interface Remembered {
  readonly answers: KeptAnswers;
  readonly readAtMs: number;
}

/** An entry takes about 400 bytes. */
const MOST_ADDRESSES = 5_000;
/** How long the table is assumed to be unchanged. */
const UNCHANGED_MS = 60_000;

/** The execution environment's own cache of answers, in front of the table; evicts the least recently used. */
export class RememberedAnswers {
  readonly #addresses = new Map<string, Remembered>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The remembered answers about an address; undefined if the table may know more. */
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

  /** Remembers all the answers that the table has about an address. */
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
