/**
 * What went wrong with the table or a queue, in terms that callers decide by:
 * `throttled`, `timeout`, `unavailable` (5xx, connection lost) pass by themselves; `denied` (credentials,
 * permissions), `missing` (no such table or queue) and `refused` (the request is wrong) do not.
 */
export type StoreErrorCode = 'throttled' | 'timeout' | 'unavailable' | 'denied' | 'missing' | 'refused';

const TRANSIENT: ReadonlySet<StoreErrorCode> = new Set(['throttled', 'timeout', 'unavailable']);

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether asking again later can help. */
  get isTransient(): boolean {
    return TRANSIENT.has(this.code);
  }
}

/** Error names of DynamoDB and SQS by what they mean; names are those of the services' API references. */
const CODES: Readonly<Record<string, StoreErrorCode>> = {
  ProvisionedThroughputExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  TransactionInProgressException: 'throttled',
  RequestThrottled: 'throttled',
  KmsThrottled: 'throttled',
  OverLimit: 'throttled',
  AbortError: 'timeout',
  TimeoutError: 'timeout',
  RequestTimeout: 'timeout',
  RequestTimeoutException: 'timeout',
  InternalServerError: 'unavailable',
  InternalFailure: 'unavailable',
  ServiceUnavailable: 'unavailable',
  AccessDeniedException: 'denied',
  AccessDenied: 'denied',
  UnrecognizedClientException: 'denied',
  InvalidClientTokenId: 'denied',
  ExpiredTokenException: 'denied',
  ExpiredToken: 'denied',
  InvalidSignatureException: 'denied',
  CredentialsProviderError: 'denied',
  KmsAccessDenied: 'denied',
  ResourceNotFoundException: 'missing',
  QueueDoesNotExist: 'missing',
};

/**
 * Turns what an AWS client throws into a StoreError; a StoreError stays as it is.
 *
 * @param action what was being done, for the message: `write to the table`
 */
export function toStoreError(cause: unknown, action: string): StoreError {
  if (cause instanceof StoreError) return cause;
  const error = (typeof cause === 'object' && cause !== null ? cause : {}) as Partial<AwsError>;
  const { name = 'Error', message = String(cause) } = error;
  // What the SDK adds in further lines is for those who have the error at hand.
  const [line = ''] = message.split('\n', 1);
  return new StoreError(codeOf(error), `could not ${action}: ${name}: ${line}`, { cause });
}

/** Whether a write was not done because its condition did not hold. */
export function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

interface AwsError extends Error {
  readonly code?: string;
  /** Set where an answer came that the SDK could not read. */
  readonly $response?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: 'client' | 'server';
}

/** Codes of the system's own errors, when no answer came: the connection was refused, lost, or never made. */
const SYSTEM_ERROR = /^E(?!RR_)[A-Z]/;

function codeOf({ name = '', code = '', $metadata, $fault, $response }: Partial<AwsError>): StoreErrorCode {
  const known = CODES[name];
  if (known !== undefined) return known;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429) return 'throttled';
  if (status === 408) return 'timeout';
  if (status === 403) return 'denied';
  if (status >= 500 || $fault === 'server') return 'unavailable';
  if ($fault === 'client') return 'refused';
  // An answer that broke off or makes no sense says nothing about the request, and neither does a lost connection.
  if ($response !== undefined || status > 0 || SYSTEM_ERROR.test(code)) return 'unavailable';
  // There was no answer and no connection: the request could not even be written, and never will be.
  return 'refused';
}
