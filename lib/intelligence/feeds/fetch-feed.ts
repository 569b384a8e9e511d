import { gunzipSync } from 'node:zlib';
import type { Feed } from './feed.ts';
import { isFetchable } from './feed.ts';

/** A server's validators for a version of a list, for conditional requests. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** Why a list could not be fetched, as a short code. */
export type FetchProblem =
  | 'unreachable'
  | 'timeout'
  | 'refused'
  | 'limited'
  | 'server-error'
  | 'status'
  | 'redirect'
  | 'web-page'
  | 'too-large'
  | 'truncated';

export type FetchOutcome =
  | { readonly status: 'fetched'; readonly body: Buffer; readonly validators: Validators }
  /** The list is the same as the last one. */
  | { readonly status: 'unchanged' }
  | {
      readonly status: 'failed';
      readonly problem: FetchProblem;
      /** One line; contains no text from the server. */
      readonly detail: string;
      /** Until when the server asks for no requests, epoch milliseconds. */
      readonly retryAtMs?: number;
    };

export interface FetchLimits {
  /** Total time for redirects and the whole body, milliseconds. */
  readonly timeoutMs: number;
  /** Limit for the list, uncompressed. */
  readonly bytes: number;
  readonly redirects: number;
}

/** A million IPv6 blocks are 40 MB; a large list of IPv4 addresses is 15. */
const FETCH_LIMITS: FetchLimits = { timeoutMs: 30_000, bytes: 64 * 2 ** 20, redirects: 5 };

export interface FetchOptions {
  /** Of the last good list. */
  readonly validators?: Validators;
  /** The key of the provider that the feed names. */
  readonly key?: string;
  readonly limits?: FetchLimits;
  readonly now?: () => number;
}

const USER_AGENT = 'threat-consensus (feed refresh)';
/** Longer ones are not validators but an attack on the table. */
const MAX_VALIDATOR = 200;
const MAX_WAIT_MS = 24 * 3_600_000;

class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly code = 'feed_fetch';
  readonly problem: FetchProblem;
  readonly retryAtMs: number | undefined;

  constructor(problem: FetchProblem, detail: string, retryAtMs?: number) {
    super(detail);
    this.problem = problem;
    this.retryAtMs = retryAtMs;
  }
}

/**
 * Fetches a list over https, once: asks for a version newer than the last good one, follows redirects that stay https,
 * and stops at limits of time and size. Never throws: every result is an outcome.
 */
export async function fetchFeed(
  feed: Pick<Feed, 'url' | 'plainHttp' | 'keyOf'>,
  options: FetchOptions = {},
): Promise<FetchOutcome> {
  const { limits = FETCH_LIMITS, now = Date.now } = options;
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await request(feed, options, limits, signal);
    return await understand(response, options, limits, now());
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

async function request(
  { url, plainHttp, keyOf }: Pick<Feed, 'url' | 'plainHttp' | 'keyOf'>,
  { validators = {}, key }: FetchOptions,
  limits: FetchLimits,
  signal: AbortSignal,
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
    await response.body?.cancel().catch(() => {});
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
  { validators = {} }: FetchOptions,
  limits: FetchLimits,
  nowMs: number,
): Promise<FetchOutcome> {
  const { status, headers } = response;
  const wasConditional = Object.keys(validators).length > 0;
  if (status !== 200) {
    await response.body?.cancel().catch(() => {});
    if (status === 304 && wasConditional) return { status: 'unchanged' };
    throw new FetchError(...problemOf(status), retryAtMs(headers, nowMs));
  }
  if (/^(?:text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '')) {
    await response.body?.cancel().catch(() => {});
    throw new FetchError('web-page', 'a web page, not a list');
  }
  const body = unpacked(await readBody(response, limits.bytes), limits.bytes);
  if (looksLikePage(body)) throw new FetchError('web-page', 'a web page, not a list');
  return {
    status: 'fetched',
    body: isDelimited(headers) ? body : wholeLines(body),
    validators: validatorsIn(headers),
  };
}

function problemOf(status: number): [problem: FetchProblem, detail: string] {
  if (status === 401 || status === 403) return ['refused', `access refused (status ${status})`];
  if (status === 429) return ['limited', 'too many requests (status 429)'];
  if (status >= 500) return ['server-error', `server error (status ${status})`];
  return ['status', `status ${status}`];
}

/** Seconds or a date (RFC 9110, section 10.2.3); anything more than a day ahead is ignored. */
function retryAtMs(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get('retry-after') ?? '';
  const atMs = /^\d{1,9}$/.test(text) ? nowMs + Number(text) * 1000 : Date.parse(text);
  return atMs > nowMs ? Math.min(atMs, nowMs + MAX_WAIT_MS) : undefined;
}

/** Reads up to the limit: the body is decompressed while reading, so a small one can become large. */
async function readBody(response: Response, mostBytes: number): Promise<Buffer> {
  if (Number(response.headers.get('content-length')) > mostBytes) {
    await response.body?.cancel().catch(() => {});
    throw tooLarge(mostBytes);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const GZIP = Buffer.from([0x1f, 0x8b]);

/** Some publishers offer a file that is itself compressed: `list.txt.gz`. */
function unpacked(body: Buffer, mostBytes: number): Buffer {
  if (!body.subarray(0, 2).equals(GZIP)) return body;
  try {
    return gunzipSync(body, { maxOutputLength: mostBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(mostBytes);
    throw new FetchError('truncated', 'compressed data that is truncated or damaged');
  }
}

function tooLarge(mostBytes: number): FetchError {
  return new FetchError('too-large', `more than ${mostBytes / 2 ** 20} MiB`);
}

function looksLikePage(body: Buffer): boolean {
  const head = body
    .subarray(0, 1_024)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  return /^<(?:!doctype|html|head|body|\?xml|script)/i.test(head);
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
