import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderName } from '../providers/provider.ts';
import { grantCalls, type QuotaState, type QuotaWindow } from './quota.ts';

/** Storage for the state of the quotas, shared by all executions. */
export interface QuotaStore {
  /** The state with its revision, 0 if there is none yet. */
  read(provider: ProviderName): Promise<{ readonly state: QuotaState; readonly revision: number }>;
  /** Replaces the state of a revision; false if another execution was faster. */
  replace(provider: ProviderName, state: QuotaState, revision: number): Promise<boolean>;
}

export interface QuotaLeaseOptions {
  readonly provider: ProviderName;
  readonly store: QuotaStore;
  readonly budget: readonly QuotaWindow[];
  /** Time limit of one call, milliseconds. */
  readonly callTimeoutMs: number;
  readonly now?: () => number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** How long granted calls may wait to be made; calls not made by then are lost to the budget. */
const LEASE_MS = 2_000;
/** Clocks of executions differ by some milliseconds. */
const CLOCK_SKEW_MS = 500;
/**
 * One lease takes at most half of the smallest window, since others want some too, and no more than can be used in
 * time.
 */
const LEASES_PER_WINDOW = 2;
const MOST_CALLS = 32;
/** Attempts at an update when other executions are faster. */
const TRIES = 8;
const LONGEST_PAUSE_MS = 40;

/** Why a call may not be made. */
export type Refusal = 'no_quota' | 'bad_key';

/**
 * One execution's share of a provider's quota. It takes a few calls at a time from the shared state; if there are none,
 * it does not ask again before there can be.
 */
export class QuotaLease {
  readonly #options: QuotaLeaseOptions;
  readonly #now: () => number;
  #calls = 0;
  #endsAtMs = 0;
  #retryAtMs = 0;
  #blockedUntilMs = 0;
  #refusedKeyVersion: number | undefined;
  /** Leases are taken one at a time. */
  #leasing: Promise<unknown> = Promise.resolve();

  constructor(options: QuotaLeaseOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Takes calls, to be made soon.
   *
   * @param wanted how many calls would be useful
   * @returns how many may be made, or why none may
   * @throws whatever the store throws
   */
  async take(wanted: number, keyVersion: number): Promise<number | Refusal> {
    const turn = this.#leasing.then(() => this.#take(wanted, keyVersion));
    this.#leasing = turn.catch(() => {});
    return await turn;
  }

  /** When calls that were taken have to be made, epoch milliseconds. */
  get endsAtMs(): number {
    return this.#endsAtMs;
  }

  /** Returns a call that was taken but not made. */
  giveBack(): void {
    if (!this.#isBlocked) this.#calls++;
  }

  /** Why calls that were taken must no longer be made: the provider asks for a pause, or rejects the key. */
  revocation(keyVersion: number): Refusal | undefined {
    if (this.isRefused(keyVersion)) return 'bad_key';
    return this.#isBlocked ? 'no_quota' : undefined;
  }

  /** Makes all executions stop calling the provider for a while. */
  async block(untilMs: number): Promise<void> {
    this.#calls = 0;
    this.#retryAtMs = untilMs;
    this.#blockedUntilMs = untilMs;
    await this.#change((state) => ({
      ...state,
      blockedUntilMs: Math.max(untilMs, state.blockedUntilMs ?? 0),
    }));
  }

  /** Makes all executions stop calling with a key that the provider rejects, until it is replaced. */
  async refuseKey(keyVersion: number): Promise<void> {
    this.#refusedKeyVersion = keyVersion;
    await this.#change((state) => ({ ...state, refusedKeyVersion: keyVersion }));
  }

  isRefused(keyVersion: number): boolean {
    return this.#refusedKeyVersion === keyVersion;
  }

  get #isBlocked(): boolean {
    return this.#now() < this.#blockedUntilMs;
  }

  async #take(wanted: number, keyVersion: number): Promise<number | Refusal> {
    if (this.isRefused(keyVersion)) return 'bad_key';
    if (this.#endsAtMs <= this.#now()) this.#calls = 0;
    if (this.#calls === 0 && this.#retryAtMs <= this.#now()) await this.#lease(wanted);
    if (this.isRefused(keyVersion)) return 'bad_key';
    if (this.#calls === 0) return 'no_quota';
    const taken = Math.min(wanted, this.#calls);
    this.#calls -= taken;
    return taken;
  }

  async #lease(wanted: number): Promise<void> {
    const { budget, callTimeoutMs } = this.#options;
    const smallest = Math.min(...budget.map(({ calls }) => calls));
    const most = Math.min(MOST_CALLS, Math.ceil(smallest / LEASES_PER_WINDOW));
    const slackMs = LEASE_MS + callTimeoutMs + CLOCK_SKEW_MS;
    await this.#change((state) => {
      const grantedAtMs = this.#now();
      const grant = grantCalls(state, budget, Math.min(wanted, most), slackMs, grantedAtMs);
      this.#refusedKeyVersion = state.refusedKeyVersion;
      this.#calls = grant.calls;
      this.#endsAtMs = grantedAtMs + LEASE_MS;
      if ('state' in grant) return grant.state;
      this.#retryAtMs = grant.retryAtMs;
      return undefined;
    });
  }

  /** Changes the shared state as read, trying again while others are faster. */
  async #change(change: (state: QuotaState) => QuotaState | undefined): Promise<void> {
    const { provider, store, wait = sleep } = this.#options;
    for (let tries = 0; tries < TRIES; tries++) {
      const { state, revision } = await store.read(provider);
      const next = change(state);
      if (next === undefined || (await store.replace(provider, next, revision))) return;
      await wait(Math.random() * LONGEST_PAUSE_MS);
    }
    // Too much contention: nothing was granted.
    this.#calls = 0;
  }
}
