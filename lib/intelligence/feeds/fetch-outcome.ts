/** What a server says that a version of a list is known by, to ask for newer ones only. */
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

/** A list could not be fetched; the message is one line. */
export class FetchError extends Error {
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

/** What a status other than success says (RFC 9110, section 15). */
export function problemOf(status: number): FetchProblem {
  if (status === 401 || status === 403) return 'refused';
  if (status === 429) return 'limited';
  return status >= 500 ? 'server-error' : 'status';
}
