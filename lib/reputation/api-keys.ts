import type { ProviderName } from './provider.ts';

/** A key with the number of its version, by which one that was refused is told from its successor. */
export interface ApiKey {
  readonly key: string;
  readonly version: number;
}

export type ApiKeys = Readonly<Partial<Record<ProviderName, ApiKey>>>;

/** Reads the keys of the providers that have one. */
export type ReadApiKeys = () => Promise<ApiKeys>;

/** How long keys are used before they are read again, and how soon after a failed reading. */
const FRESH_MS = 300_000;
const RETRY_MS = 30_000;

/**
 * Keeps keys for some minutes. While they are read again the old ones are used, so that no invocation waits for
 * it; where reading fails they stay. Without any the providers are off.
 */
export class CachedApiKeys {
  readonly #read: ReadApiKeys;
  readonly #now: () => number;
  #keys: ApiKeys = {};
  #readAgainAtMs = 0;
  #isFirst = true;
  #reading: Promise<void> | undefined;
  /** Whether the last reading failed; told once for each. */
  onFailure: (error: unknown) => void = () => {};

  constructor(read: ReadApiKeys, now: () => number = Date.now) {
    this.#read = read;
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
      this.#readAgainAtMs = this.#now() + FRESH_MS;
    } catch (error) {
      this.#readAgainAtMs = this.#now() + RETRY_MS;
      this.onFailure(error);
    } finally {
      this.#isFirst = false;
      this.#reading = undefined;
    }
  }
}
