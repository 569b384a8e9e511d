import { RefreshedValue } from '../../aws/refreshed-value.ts';
import { PATIENCE_MS } from '../../aws/time-budget.ts';
import type { RefreshOptions } from '../keys/api-keys.ts';
import type { AllowEntry } from './allow-entry.ts';
import { Allowlist } from './allowlist.ts';

/** Delay after a failed read before the next one. */
const RETRY_MS = 10_000;
/** Time limit of one read; the invocation waits for it at its end. */
const READ_TIMEOUT_MS = 2_000;

/**
 * Caches the allowlist for `maxAgeMs` and then waits for a newer one, so that a change is in force within that time and
 * its jitter. While it can't be read, the last good one stays in use; before there is one, nothing is allowed.
 */
export function refreshedAllowlist(
  read: (signal: AbortSignal) => Promise<readonly AllowEntry[]>,
  options: RefreshOptions,
): RefreshedValue<Allowlist> {
  return new RefreshedValue<Allowlist>({
    ...options,
    initial: Allowlist.NONE,
    fetch: async (signal) => new Allowlist(await read(signal)),
    retryMs: RETRY_MS,
    patience: { firstMs: PATIENCE_MS.sources, refreshMs: PATIENCE_MS.sources },
    timeoutMs: READ_TIMEOUT_MS,
  });
}
