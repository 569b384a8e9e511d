import type { ProviderName } from '../providers/provider.ts';

/** A key with the number of its version, by which one that was refused is told from its successor. */
export interface ApiKey {
  readonly key: string;
  readonly version: number;
}

export type ApiKeys = Readonly<Partial<Record<ProviderName, ApiKey>>>;

/** Reads the keys of the providers that have one. */
export type ReadApiKeys = () => Promise<ApiKeys>;

/** How soon after a failed reading there is another, where keys are used for longer than that. */
const RETRY_MS = 30_000;

/**
 * Keeps keys for some minutes. While they are read again the old ones are used, so that no invocation waits for
 * it; where reading fails they stay. Without any the providers are off.
 */
export class CachedApiKeys {
  readonly #read: ReadApiKeys;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #keys: ApiKeys = {};
  #readAgainAtMs = 0;
  #isFirst = true;
  #reading: Promise<void> | undefined;
  /** Whether the last reading failed; told once for each. */
  onFailure: (error: unknown) => void = () => {};

  /** @param maxAgeMs how long keys are used before they are read again */
  constructor(read: ReadApiKeys, maxAgeMs: number, now: () => number = Date.now) {
    this.#read = read;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  /** @param patience resolves when the first reading is to be waited for no longer */
  async current(patience: Promise<unknown>): Promise<ApiKeys> {
    if (this.#now() >= this.#readAgainAtMs) this.#reading ??= this.#refresh();
    if (this.#isFirst && this.#reading !== undefined) await Promise.race([this.#reading, patience]);
    return this.#keys;
  }

  async #refresh(): Promise<void> {
    try {
      this.#keys = await this.#read();
      this.#readAgainAtMs = this.#now() + this.#maxAgeMs;
    } catch (error) {
      this.#readAgainAtMs = this.#now() + Math.min(RETRY_MS, this.#maxAgeMs);
      this.onFailure(error);
    } finally {
      this.#isFirst = false;
      this.#reading = undefined;
    }
  }
}
