/**
 * What went wrong with a parameter, in terms that callers decide by. `throttled`, `timeout` and `unavailable` pass by
 * themselves; `missing` (no such parameter), `denied` (credentials, permissions) and `refused` do not.
 */
export type ParameterErrorCode = 'throttled' | 'timeout' | 'unavailable' | 'missing' | 'denied' | 'refused';

export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  readonly code: ParameterErrorCode;
  /** Whether the call may have had its effect: `no` where SSM refused it, or was never asked. */
  readonly isApplied: 'no' | 'unknown';

  constructor(
    code: ParameterErrorCode,
    message: string,
    options?: ErrorOptions & { readonly isApplied?: 'no' | 'unknown' },
  ) {
    super(message, options);
    this.code = code;
    this.isApplied = options?.isApplied ?? 'unknown';
  }
}

/** Names of SSM's errors, and of the SDK's own, by what they mean; names are those of the service's API reference. */
const CODES: Readonly<Record<string, ParameterErrorCode>> = {
  ThrottlingException: 'throttled',
  TooManyUpdates: 'throttled',
  AbortError: 'timeout',
  TimeoutError: 'timeout',
  RequestTimeout: 'timeout',
  InternalServerError: 'unavailable',
  ServiceUnavailable: 'unavailable',
  ParameterNotFound: 'missing',
  ParameterVersionNotFound: 'missing',
  AccessDeniedException: 'denied',
  UnrecognizedClientException: 'denied',
  ExpiredTokenException: 'denied',
  InvalidSignatureException: 'denied',
  CredentialsProviderError: 'denied',
};

/**
 * Turns what the SSM client throws into a ParameterError.
 *
 * @param action what was being done, for the message: `read the parameter /a/b`
 */
export function toParameterError(cause: unknown, action: string): ParameterError {
  const error = (typeof cause === 'object' && cause !== null ? cause : {}) as Partial<AwsError>;
  const { name = 'Error', message = String(cause) } = error;
  const code = codeOf(error);
  // SSM itself says nothing more than the error's name then.
  const why = code === 'missing' ? 'there is none' : `${name}: ${message}`;
  return new ParameterError(code, `could not ${action}: ${why}`, { cause, isApplied: isApplied(error) });
}

/** An answer of 4xx is SSM's own no; without credentials nothing is sent. All else may come after the effect. */
function isApplied({ name, $metadata }: Partial<AwsError>): 'no' | 'unknown' {
  const status = $metadata?.httpStatusCode ?? 0;
  return (status >= 400 && status < 500) || name === 'CredentialsProviderError' ? 'no' : 'unknown';
}

interface AwsError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Codes of the system's own errors, when no answer came: the connection was refused, lost, or never made. */
const SYSTEM_ERROR = /^E(?!RR_)[A-Z]/;

function codeOf({ name = '', code = '', $metadata }: Partial<AwsError>): ParameterErrorCode {
  const known = CODES[name];
  if (known !== undefined) return known;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429) return 'throttled';
  if (status === 403) return 'denied';
  if (status >= 500) return 'unavailable';
  return status === 0 && SYSTEM_ERROR.test(code) ? 'unavailable' : 'refused';
}
