import type { S3Client } from '@aws-sdk/client-s3';
import { objectAt } from '../../aws/bucket-object.ts';
import type { Feed } from './feed.ts';
import { FetchError, type FetchLimits, type FetchOutcome, type Validators } from './fetch-outcome.ts';
import { fetchOverHttp } from './fetch-over-http.ts';

/** A million IPv6 blocks are 40 MB; a large list of IPv4 addresses is 15. */
const FETCH_LIMITS: FetchLimits = { timeoutMs: 30_000, bytes: 64 * 2 ** 20, redirects: 5 };

export interface FetchOptions {
  /** Of the last good list. */
  readonly validators?: Validators | undefined;
  /** The key of the provider that the feed names. */
  readonly key?: string | undefined;
  readonly limits?: FetchLimits | undefined;
  readonly now?: (() => number) | undefined;
  /** For lists in buckets; one for the process by default. */
  readonly s3?: S3Client | undefined;
}

/**
 * Fetches a list from a publisher or a bucket, once: asks for a version newer than the last good one, and stops at limits of
 * time and size. Never throws: every result is an outcome.
 */
export async function fetchFeed(
  feed: Pick<Feed, 'url' | 'plainHttp' | 'keyOf'>,
  { validators = {}, key, limits = FETCH_LIMITS, now = Date.now, s3 }: FetchOptions = {},
): Promise<FetchOutcome> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const object = objectAt(feed.url ?? '');
  try {
    if (object === undefined) return await fetchOverHttp(feed, { validators, key, limits, now, signal });
    // Loaded here: S3's client is large, and most sites have no list in a bucket.
    const { fetchObject } = await import('./fetch-object.ts');
    return await fetchObject(object, { etag: validators.etag, mostBytes: limits.bytes, signal, s3 });
  } catch (error) {
    if (error instanceof FetchError) {
      const { problem, message: detail, retryAtMs } = error;
      return { status: 'failed', problem, detail, ...(retryAtMs !== undefined && { retryAtMs }) };
    }
    if (signal.aborted) {
      const detail = `not complete within ${limits.timeoutMs / 1000} s`;
      return { status: 'failed', problem: 'timeout', detail };
    }
    return failedConnection(error);
  }
}

/** System error codes for a body that was cut off. */
const CUT_OFF =
  /^(?:UND_ERR_SOCKET|ECONNRESET|Z_BUF_ERROR|Z_DATA_ERROR|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_.*)$/;

/** An error's own text may quote the server: only the system's code is passed on. */
function failedConnection(error: unknown): FetchOutcome {
  const { code } = ((error as { cause?: unknown })?.cause ?? error ?? {}) as { code?: unknown };
  const known = typeof code === 'string' && /^[A-Z0-9_]{3,50}$/.test(code) ? code : 'no connection';
  const wasReading = error instanceof TypeError && error.message === 'terminated';
  if (wasReading || CUT_OFF.test(known)) {
    return {
      status: 'failed',
      problem: 'truncated',
      detail: `the connection broke before the end (${known})`,
    };
  }
  return { status: 'failed', problem: 'unreachable', detail: known };
}
