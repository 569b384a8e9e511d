import { Readable } from 'node:stream';
import type { Feed } from './feed.ts';
import { isFetchable } from './feed.ts';
import {
  FetchError,
  type FetchLimits,
  type FetchOutcome,
  problemOf,
  type Validators,
} from './fetch-outcome.ts';
import { readListBody, webPage } from './list-body.ts';

export interface HttpOptions {
  /** Of the last good list. */
  readonly validators: Validators;
  /** The key of the provider that the feed names. */
  readonly key: string | undefined;
  readonly limits: FetchLimits;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const USER_AGENT = 'threat-consensus (feed refresh)';
/** Longer ones are not validators but an attack on the table. */
const MAX_VALIDATOR = 200;
const MAX_WAIT_MS = 24 * 3_600_000;

/**
 * Fetches a list over https: asks for a version newer than the last good one, and follows redirects that stay https.
 *
 * @throws {FetchError} or what the connection throws
 */
export async function fetchOverHttp(
  feed: Pick<Feed, 'url' | 'plainHttp' | 'keyOf'>,
  options: HttpOptions,
): Promise<FetchOutcome> {
  return await understand(await request(feed, options), options);
}

async function request(
  { url, plainHttp, keyOf }: Pick<Feed, 'url' | 'plainHttp' | 'keyOf'>,
  { validators, key, limits, signal }: HttpOptions,
): Promise<Response> {
  let target = new URL(url ?? '');
  const headers = {
    'user-agent': USER_AGENT,
    accept: 'text/plain, application/json;q=0.9, */*;q=0.5',
    ...(validators.etag !== undefined && { 'if-none-match': validators.etag }),
    ...(validators.lastModified !== undefined && { 'if-modified-since': validators.lastModified }),
    ...(key !== undefined && { key }),
  };
  for (let redirects = 0; ; redirects++) {
    if (!isFetchable(target, plainHttp === true)) {
      throw new FetchError('redirect', 'redirected to an address that is not https of a named host');
    }
    const response = await fetch(target.href, { headers, redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await cancelled(response);
    // A key is sent to the provider only.
    if (keyOf !== undefined)
      throw new FetchError('redirect', 'redirected; the key is not sent to another address');
    if (redirects === limits.redirects) {
      throw new FetchError('redirect', `redirected more than ${limits.redirects} times`);
    }
    const next = URL.parse(location, target.href);
    if (next === null) throw new FetchError('redirect', 'redirected to an invalid URL');
    target = next;
  }
}

async function understand(
  response: Response,
  { validators, limits, now }: HttpOptions,
): Promise<FetchOutcome> {
  const { status, headers } = response;
  const wasConditional = Object.keys(validators).length > 0;
  if (status !== 200) {
    await cancelled(response);
    if (status === 304 && wasConditional) return { status: 'unchanged' };
    throw new FetchError(problemOf(status), detailOf(status), retryAtMs(headers, now()));
  }
  if (/^(?:text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '')) {
    await cancelled(response);
    throw webPage();
  }
  const body = await readListBody(
    {
      chunks: response.body ?? Readable.from([]),
      announcedBytes: Number(headers.get('content-length')),
      cancel: () => cancelled(response),
    },
    limits.bytes,
  );
  return {
    status: 'fetched',
    body: isDelimited(headers) ? body : wholeLines(body),
    validators: validatorsIn(headers),
  };
}

function detailOf(status: number): string {
  if (status === 401 || status === 403) return `access refused (status ${status})`;
  if (status === 429) return 'too many requests (status 429)';
  return status >= 500 ? `server error (status ${status})` : `status ${status}`;
}

async function cancelled({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => {});
}

/** Seconds or a date (RFC 9110, section 10.2.3); anything more than a day ahead is ignored. */
function retryAtMs(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get('retry-after') ?? '';
  const atMs = /^\d{1,9}$/.test(text) ? nowMs + Number(text) * 1000 : Date.parse(text);
  return atMs > nowMs ? Math.min(atMs, nowMs + MAX_WAIT_MS) : undefined;
}

/** Whether the end of a body can be distinguished from a broken connection. */
function isDelimited(headers: Headers): boolean {
  return headers.has('content-length') || headers.has('transfer-encoding') || headers.has('content-encoding');
}

/** A truncated address would be read as a different one. */
function wholeLines(body: Buffer): Buffer {
  return body.subarray(0, body.lastIndexOf(0x0a) + 1);
}

function validatorsIn(headers: Headers): Validators {
  const etag = headers.get('etag');
  const lastModified = headers.get('last-modified');
  const isSound = (text: string | null): text is string => text !== null && text.length <= MAX_VALIDATOR;
  return { ...(isSound(etag) && { etag }), ...(isSound(lastModified) && { lastModified }) };
}
