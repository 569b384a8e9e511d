import type { AnswerStore, KeptAnswer } from '../kept-answers.ts';
import type { ApiKey } from '../keys/api-keys.ts';
import type { QuotaWindow } from '../quota/quota.ts';
import { QuotaLease, type QuotaStore, type Refusal } from '../quota/quota-lease.ts';
import { type AskOutcome, askProvider } from './ask-provider.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { Provider } from './provider.ts';

export interface ProviderDeskOptions {
  readonly provider: Provider;
  /** Address of the provider; its public service by default. */
  readonly baseUrl?: string;
  readonly budget: readonly QuotaWindow[];
  /** Time limit of one call, milliseconds. */
  readonly callTimeoutMs: number;
  /** How long a "known" and an "unknown" answer count as fresh, milliseconds. */
  readonly knownMs: number;
  readonly unknownMs: number;
  readonly answers: AnswerStore;
  readonly quota: QuotaStore;
  readonly now?: () => number;
}

/** The result for one address: an answer, or why there is none. */
export type DeskOutcome = {
  /** A call was made; other addresses were settled without one. */
  readonly wasAsked?: boolean;
} & (
  | { readonly outcome: 'answered'; readonly kept: KeptAnswer }
  /** Another execution is asking, or has an answer that was not seen here yet. */
  | { readonly outcome: 'elsewhere' }
  | { readonly outcome: Refusal | 'circuit_open' | 'failed' | 'late' }
);

/** Calls to one provider at the same time, and per batch: a call not made before its lease ends is lost. */
const CONCURRENCY = 16;
const MOST_AT_ONCE = 64;
/** No call is started with less time than this left. */
const LEAST_CALL_MS = 50;
/** How much longer than a call its claim lasts: writing the answer takes time too. */
const CLAIM_SLACK_MS = 5_000;

/**
 * Asks one provider, within its quota, as long as it works, and never about an address that another execution asks
 * about.
 */
export class ProviderDesk {
  readonly provider: Provider;
  /** The stand-in that answers in place of the provider. */
  readonly from: string | undefined;
  readonly #options: ProviderDeskOptions;
  readonly #now: () => number;
  readonly #lease: QuotaLease;
  readonly #circuit: CircuitBreaker;

  constructor(options: ProviderDeskOptions) {
    const { provider, baseUrl = provider.baseUrl, budget, callTimeoutMs, quota, now = Date.now } = options;
    this.provider = provider;
    this.from = baseUrl === provider.baseUrl ? undefined : baseUrl;
    this.#options = options;
    this.#now = now;
    this.#circuit = new CircuitBreaker(now);
    this.#lease = new QuotaLease({ provider: provider.name, store: quota, budget, callTimeoutMs, now });
  }

  get isCircuitOpen(): boolean {
    return this.#circuit.isOpen;
  }

  isKeyRefused({ version }: ApiKey): boolean {
    return this.#lease.isRefused(version);
  }

  /**
   * Asks about addresses in order, several at a time. Never throws.
   *
   * @param endsAtMs when the last call must be over, epoch milliseconds
   * @param settle called for each address, first for those without a call; a call that turns out not to be needed,
   * since another execution asks, goes to the next of them
   */
  async askAbout(
    addresses: readonly string[],
    key: ApiKey,
    endsAtMs: number,
    settle: (address: string, outcome: DeskOutcome) => void,
  ): Promise<void> {
    if (endsAtMs - this.#now() < LEAST_CALL_MS) {
      for (const address of addresses) settle(address, { outcome: 'late' });
      return;
    }
    const admitted = this.#circuit.admit(addresses.length);
    const { calls, startByMs, refusal } = await this.#takeCalls(admitted, key);
    if (calls === 0) this.#circuit.abandoned();
    const outcome = calls < admitted ? refusal : 'circuit_open';
    for (const address of addresses.slice(calls)) settle(address, { outcome });

    const queue = addresses.slice(0, calls);
    const spare = addresses.slice(calls).values();
    const worker = async () => {
      for (let address = queue.shift(); address !== undefined; address = queue.shift()) {
        const asked = await this.#askOne(address, key, endsAtMs, startByMs);
        settle(address, asked);
        if (asked.outcome !== 'elsewhere') continue;
        const { value: next } = spare.next();
        if (next === undefined) this.#lease.giveBack();
        else queue.push(next);
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, calls) }, worker));
  }

  /** Takes calls from the quota, lease by lease, until there are enough or no more. */
  async #takeCalls(
    wanted: number,
    { version }: ApiKey,
  ): Promise<{ calls: number; startByMs: number; refusal: Refusal | 'late' }> {
    let calls = 0;
    let startByMs = Number.POSITIVE_INFINITY;
    // Addresses beyond the calls of one batch wait for the next one.
    let refusal: Refusal | 'late' = 'late';
    while (calls < Math.min(wanted, MOST_AT_ONCE)) {
      const taken = await this.#lease.take(wanted - calls, version).catch(() => 'late' as const);
      if (typeof taken !== 'number') {
        refusal = taken;
        break;
      }
      calls += taken;
      startByMs = Math.min(startByMs, this.#lease.endsAtMs);
    }
    return { calls, startByMs, refusal };
  }

  async #askOne(address: string, key: ApiKey, endsAtMs: number, startByMs: number): Promise<DeskOutcome> {
    const { callTimeoutMs } = this.#options;
    const revocation =
      this.#lease.revocation(key.version) ?? (this.#circuit.hasOpened ? 'circuit_open' : undefined);
    if (revocation !== undefined) {
      this.#circuit.abandoned();
      return { outcome: revocation };
    }
    const permission = await this.#claim(address, this.#now() + callTimeoutMs + CLAIM_SLACK_MS);
    const timeLeft = endsAtMs - this.#now();
    if (permission !== 'granted' || timeLeft < LEAST_CALL_MS || startByMs < this.#now()) {
      this.#circuit.abandoned();
      return { outcome: permission === 'granted' ? 'late' : permission };
    }
    const outcome = await askProvider({
      provider: this.provider,
      baseUrl: this.#options.baseUrl ?? this.provider.baseUrl,
      address,
      key: key.key,
      signal: AbortSignal.timeout(Math.min(callTimeoutMs, timeLeft)),
    });
    return { ...(await this.#settle(address, key, outcome)), wasAsked: true };
  }

  /** Claims a question. If the table fails, no call is made: two executions might ask about one address. */
  async #claim(address: string, claimedUntilMs: number): Promise<'granted' | 'elsewhere' | 'late'> {
    try {
      const { answers } = this.#options;
      if (await answers.claim(this.provider.name, address, this.#now(), claimedUntilMs)) return 'granted';
      return 'elsewhere';
    } catch {
      return 'late';
    }
  }

  async #settle(address: string, key: ApiKey, outcome: AskOutcome): Promise<DeskOutcome> {
    const { quietUntilMs } = outcome;
    if (outcome.status === 'failed') this.#circuit.failed();
    else this.#circuit.succeeded();
    if (quietUntilMs !== undefined) await ignoringErrors(this.#lease.block(quietUntilMs));
    switch (outcome.status) {
      case 'answered': {
        const kept = this.#kept(outcome.answer);
        await ignoringErrors(this.#options.answers.keep(this.provider.name, address, kept));
        return { outcome: 'answered', kept };
      }
      case 'bad_key':
        await ignoringErrors(this.#lease.refuseKey(key.version));
        return { outcome: 'bad_key' };
      case 'limited':
        return { outcome: 'no_quota' };
      case 'failed':
        return { outcome: 'failed' };
    }
  }

  #kept(answer: KeptAnswer['answer']): KeptAnswer {
    const answeredAtMs = this.#now();
    const { knownMs, unknownMs } = this.#options;
    return {
      answer,
      answeredAtMs,
      freshUntilMs: answeredAtMs + (answer.kind === 'known' ? knownMs : unknownMs),
    };
  }
}

/** An answer that is not stored now is asked for again next time. */
async function ignoringErrors(work: Promise<unknown>): Promise<void> {
  await work.catch(() => {});
}
