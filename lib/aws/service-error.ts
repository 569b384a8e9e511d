import { ReportedError } from '../errors/reported-error.ts';

/**
 * Kinds of failures of AWS services that callers distinguish. Transient: `throttled`, `timeout` and `unavailable` (5xx,
 * a lost connection, an unreadable answer). Not transient: `credentials` (missing, expired or wrong), `denied`
 * (permissions), `missing` (no such table, queue or parameter), `exists` (it was to be created but already exists) and
 * `refused` (the request is wrong).
 */
export type ServiceErrorCode =
  | 'throttled'
  | 'timeout'
  | 'unavailable'
  | 'credentials'
  | 'denied'
  | 'missing'
  | 'exists'
  | 'refused';

const TRANSIENT: ReadonlySet<ServiceErrorCode> = new Set(['throttled', 'timeout', 'unavailable']);

/** What a person can do about a failed request. */
const HINTS: Readonly<Record<ServiceErrorCode, string>> = {
  throttled: 'try again later',
  timeout: 'try again later',
  unavailable: 'is it running, and do AWS_REGION and AWS_ENDPOINT_URL_... point to it?',
  credentials: 'set valid AWS credentials; check them with `aws sts get-caller-identity`',
  denied: 'the credentials work, but are not allowed to do this: check the policies of their role',
  missing: 'are name and AWS_REGION right?',
  exists: 'someone else was faster',
  refused: 'are AWS_REGION and the names right?',
};

export class ServiceError extends ReportedError {
  override readonly name = 'ServiceError';
  readonly code: ServiceErrorCode;
  /** Whether the request may have taken effect: `no` if the service refused it, or it was never sent. */
  readonly isApplied: 'no' | 'unknown';

  constructor(
    code: ServiceErrorCode,
    message: string,
    options?: ErrorOptions & { readonly isApplied?: 'no' | 'unknown' },
  ) {
    super(message, options);
    this.code = code;
    this.isApplied = options?.isApplied ?? 'unknown';
  }

  /** Whether retrying later can help. */
  get isTransient(): boolean {
    return TRANSIENT.has(this.code);
  }

  override get hint(): string {
    return messageOf(this.cause) === REGION_MISSING
      ? 'set AWS_REGION, or a region in the AWS profile'
      : HINTS[this.code];
  }
}

/** Error names of DynamoDB, SQS, SSM and S3 by meaning; the names are from the services' API references. */
const CODES: Readonly<Record<string, ServiceErrorCode>> = {
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
  TooManyUpdates: 'throttled',
  AbortError: 'timeout',
  TimeoutError: 'timeout',
  RequestTimeout: 'timeout',
  RequestTimeoutException: 'timeout',
  InternalServerError: 'unavailable',
  InternalFailure: 'unavailable',
  ServiceUnavailable: 'unavailable',
  SlowDown: 'throttled',
  AccessDeniedException: 'denied',
  AccessDenied: 'denied',
  UnrecognizedClientException: 'credentials',
  InvalidClientTokenId: 'credentials',
  InvalidAccessKeyId: 'credentials',
  ExpiredTokenException: 'credentials',
  ExpiredToken: 'credentials',
  RequestExpired: 'credentials',
  InvalidSignatureException: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  IncompleteSignature: 'credentials',
  MissingAuthenticationToken: 'credentials',
  MissingAuthenticationTokenException: 'credentials',
  CredentialsProviderError: 'credentials',
  TokenProviderError: 'credentials',
  KmsAccessDenied: 'denied',
  ResourceNotFoundException: 'missing',
  QueueDoesNotExist: 'missing',
  'AWS.SimpleQueueService.NonExistentQueue': 'missing',
  NoSuchBucket: 'missing',
  NoSuchKey: 'missing',
  NoSuchVersion: 'missing',
  ParameterNotFound: 'missing',
  ParameterVersionNotFound: 'missing',
  ParameterAlreadyExists: 'exists',
};

/**
 * Converts an error of an AWS client to a ServiceError; a ServiceError is returned unchanged.
 *
 * @param action what was being done, for the message: `write to the table`
 */
export function toServiceError(cause: unknown, action: string): ServiceError {
  if (cause instanceof ServiceError) return cause;
  const error = (typeof cause === 'object' && cause !== null ? cause : {}) as Partial<AwsError>;
  const { name = 'Error', message = String(cause) } = error;
  // Further lines of the SDK's message are for developers who have the error object.
  const [line = ''] = message.split('\n', 1);
  // A plain Error's name adds nothing.
  const named = name === 'Error' ? line : `${name}: ${line}`;
  const why = wordsFor(error) ?? named;
  const options = { cause, isApplied: isApplied(error) };
  return new ServiceError(codeOf(error), `could not ${action}: ${why}`, options);
}

/** Text of the SDK's error. */
const REGION_MISSING = 'Region is missing';

function messageOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}

/** Messages for errors that have none, or one written for the SDK's developers. */
function wordsFor({ name = '', message = '', code = '', ...error }: Partial<AwsError>): string | undefined {
  if (/^Parameter(?:Version)?NotFound$/.test(name)) return 'there is none';
  if (message === REGION_MISSING) return 'no region is set';
  if (name === 'CredentialsProviderError' && /^Could not load credentials/.test(message)) {
    return 'there are no AWS credentials';
  }
  const { hostname, address, port } = error as { hostname?: string; address?: string; port?: number };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `no address is known for ${hostname ?? 'its host'}`;
  if (code === 'ECONNREFUSED' && address !== undefined) return `nothing answers at ${address}:${port}`;
  return undefined;
}

/**
 * A 4xx answer is the service's own refusal; without credentials nothing is sent. Any other failure may come after the
 * effect.
 */
function isApplied({ name, $metadata }: Partial<AwsError>): 'no' | 'unknown' {
  const status = $metadata?.httpStatusCode ?? 0;
  return (status >= 400 && status < 500) || name === 'CredentialsProviderError' ? 'no' : 'unknown';
}

/** Whether a write failed because its condition did not hold. */
export function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

interface AwsError extends Error {
  readonly code?: string;
  /** Set if there was an answer that the SDK could not read. */
  readonly $response?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: 'client' | 'server';
}

/** System error codes without an answer: the connection was refused, lost, or never made. */
const SYSTEM_ERROR = /^E(?!RR_)[A-Z]/;

function codeOf({ name = '', code = '', $metadata, $fault, $response }: Partial<AwsError>): ServiceErrorCode {
  const known = CODES[name];
  if (known !== undefined) return known;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429) return 'throttled';
  if (status === 408) return 'timeout';
  if (status === 403) return 'denied';
  if (status >= 500 || $fault === 'server') return 'unavailable';
  if ($fault === 'client' || (status >= 400 && $response === undefined)) return 'refused';
  // A truncated or nonsensical answer says nothing about the request, and neither does a lost connection.
  if ($response !== undefined || status > 0 || SYSTEM_ERROR.test(code)) return 'unavailable';
  // There was no answer and no connection: the request could not even be written, and never can be.
  return 'refused';
}
