import { RefreshedValue, type RefreshedValueOptions } from '../../aws/refreshed-value.ts';
import { PATIENCE_MS } from '../../aws/time-budget.ts';
import type { ProviderName } from '../providers/provider.ts';

/** A key with its version number, which distinguishes a rejected key from its successor. */
export interface ApiKey {
  readonly key: string;
  readonly version: number;
}

export type ApiKeys = Readonly<Partial<Record<ProviderName, ApiKey>>>;

/** Reads the keys of the providers that have one. */
export type ReadApiKeys = (signal: AbortSignal) => Promise<ApiKeys>;

/** How long a value is used, and where its problems are reported. */
export type RefreshOptions = Pick<
  RefreshedValueOptions<unknown>,
  'maxAgeMs' | 'onProblem' | 'now' | 'random'
>;

/** Delay after a failed read before the next one. */
const RETRY_MS = 30_000;
/** Time limit of one read; the invocation waits for it at its end. */
const READ_TIMEOUT_MS = 2_000;

/**
 * Caches keys for some minutes. Before the first keys are read, the providers are off; at twice the age, an invocation
 * waits for new keys.
 */
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

/** Passes on the name of an error but never its message, which could quote a parameter's value. */
function rethrowNamed(error: unknown): never {
  throw new Error(error instanceof Error ? error.name : 'unknown');
}
