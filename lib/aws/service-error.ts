import { ReportedError } from '../errors/reported-error.ts';

/**
 * What went wrong with a service of AWS, in terms that callers decide by: `throttled`, `timeout` and `unavailable` (5xx,
 * a lost connection, an answer that cannot be understood) are transient; `credentials` (none, or expired or wrong ones),
 * `denied` (permissions), `missing` (no such table, queue or parameter), `exists` (what is to be created is there) and
 * `refused` (the request is wrong) are not.
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

/** What a person can try about a failed request. */
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
  /** Whether the request may have had its effect: `no` where the service refused it, or was never asked. */
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

  /** Whether asking again later can help. */
  get isTransient(): boolean {
    return TRANSIENT.has(this.code);
  }

  override get hint(): string {
    return messageOf(this.cause) === REGION_MISSING
      ? 'set AWS_REGION, or a region in the AWS profile'
      : HINTS[this.code];
  }
}

/** Error names of DynamoDB, SQS, SSM and S3 by what they mean; names are those of the services' API references. */
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
 * Turns what an AWS client throws into a ServiceError; a ServiceError stays as it is.
 *
 * @param action what was being done, for the message: `write to the table`
 */
export function toServiceError(cause: unknown, action: string): ServiceError {
  if (cause instanceof ServiceError) return cause;
  const error = (typeof cause === 'object' && cause !== null ? cause : {}) as Partial<AwsError>;
  const { name = 'Error', message = String(cause) } = error;
  // What the SDK adds in further lines is for those who have the error at hand.
  const [line = ''] = message.split('\n', 1);
  // A plain Error's name tells nothing.
  const named = name === 'Error' ? line : `${name}: ${line}`;
  const why = wordsFor(error) ?? named;
  const options = { cause, isApplied: isApplied(error) };
  return new ServiceError(codeOf(error), `could not ${action}: ${why}`, options);
}

/** Of the SDK. */
const REGION_MISSING = 'Region is missing';

function messageOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}

/** What some errors say in no words, or in those of the SDK's developers. */
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

/** An answer of 4xx is the service's own no; without credentials nothing is sent. All else may come after the effect. */
function isApplied({ name, $metadata }: Partial<AwsError>): 'no' | 'unknown' {
  const status = $metadata?.httpStatusCode ?? 0;
  return (status >= 400 && status < 500) || name === 'CredentialsProviderError' ? 'no' : 'unknown';
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

function codeOf({ name = '', code = '', $metadata, $fault, $response }: Partial<AwsError>): ServiceErrorCode {
  const known = CODES[name];
  if (known !== undefined) return known;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429) return 'throttled';
  if (status === 408) return 'timeout';
  if (status === 403) return 'denied';
  if (status >= 500 || $fault === 'server') return 'unavailable';
  if ($fault === 'client' || (status >= 400 && $response === undefined)) return 'refused';
  // An answer that broke off or makes no sense says nothing about the request, and neither does a lost connection.
  if ($response !== undefined || status > 0 || SYSTEM_ERROR.test(code)) return 'unavailable';
  // There was no answer and no connection: the request could not even be written, and never will be.
  return 'refused';
}
