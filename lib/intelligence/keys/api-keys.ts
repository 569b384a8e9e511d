import { RefreshedValue, type RefreshedValueOptions } from '../../aws/refreshed-value.ts';
import { PATIENCE_MS } from '../../aws/time-budget.ts';
import type { ProviderName } from '../providers/provider.ts';

/** A key with the number of its version, which distinguishes a refused key from its successor. */
export interface ApiKey {
  readonly key: string;
  readonly version: number;
}

export type ApiKeys = Readonly<Partial<Record<ProviderName, ApiKey>>>;

/** Reads the keys of the providers that have one. */
export type ReadApiKeys = (signal: AbortSignal) => Promise<ApiKeys>;

/** How long a value is used, and who hears of its problems. */
export type RefreshOptions = Pick<
  RefreshedValueOptions<unknown>,
  'maxAgeMs' | 'onProblem' | 'now' | 'random'
>;

/** How soon after a failed reading there is another. */
const RETRY_MS = 30_000;
/** The longest that one reading goes on; the invocation waits for it at its end. */
const READ_TIMEOUT_MS = 2_000;

/** Keeps keys for some minutes. Until there are any the providers are off; keys of twice the age are waited for. */
export function refreshedKeys(read: ReadApiKeys, options: RefreshOptions): RefreshedValue<ApiKeys> {
  return new RefreshedValue<ApiKeys>({
    ...options,
    initial: {},
    fetch: async (signal) => await read(signal).catch(rethrowNamed),
    tooOldMs: 2 * options.maxAgeMs,
    retryMs: RETRY_MS,
    patience: { firstMs: PATIENCE_MS.sources, refreshMs: PATIENCE_MS.sources },
    timeoutMs: READ_TIMEOUT_MS,
  });
}

/** Passes on the kind of error and never its message, which could quote a parameter's value. */
function rethrowNamed(error: unknown): never {
  throw new Error(error instanceof Error ? error.name : 'unknown');
}
