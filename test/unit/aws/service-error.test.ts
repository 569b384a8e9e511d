import {
  DynamoDBServiceException,
  InternalServerError,
  ProvisionedThroughputExceededException,
  RequestLimitExceeded,
  ResourceNotFoundException,
  ThrottlingException,
} from '@aws-sdk/client-dynamodb';
import {
  InvalidMessageContents,
  KmsAccessDenied,
  KmsThrottled,
  OverLimit,
  QueueDoesNotExist,
  RequestThrottled,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { ServiceError, toServiceError } from '../../../lib/aws/service-error.ts';

const answered = (httpStatusCode: number) => ({ message: 'no', $metadata: { httpStatusCode } });

function dynamoError(name: string, httpStatusCode: number, $fault: 'client' | 'server' = 'client'): Error {
  return new DynamoDBServiceException({ name, $fault, ...answered(httpStatusCode) });
}

function sqsError(name: string, httpStatusCode: number): Error {
  return new SQSServiceException({ name, $fault: 'client', ...answered(httpStatusCode) });
}

function systemError(code: string): Error {
  return Object.assign(new Error(`connect ${code} 127.0.0.1:8000`), { code });
}

/** The SDK's error for an unreadable response. */
function unreadable(error: Error, httpStatusCode: number): Error {
  Object.defineProperty(error, '$response', { value: {}, enumerable: false });
  error.message += '\n  Deserialization error: to see the raw response, inspect the hidden field';
  return Object.assign(error, { $metadata: { httpStatusCode } });
}

function named(name: string): Error {
  return Object.assign(new Error('no'), { name });
}

describe('toServiceError', () => {
  it.each<[string, unknown, string]>([
    ['exceeded throughput', new ProvisionedThroughputExceededException(answered(400)), 'throttled'],
    ['the account limit', new RequestLimitExceeded(answered(400)), 'throttled'],
    ['throttling', new ThrottlingException(answered(400)), 'throttled'],
    ['a throttled queue', new RequestThrottled(answered(403)), 'throttled'],
    ['throttled encryption', new KmsThrottled(answered(400)), 'throttled'],
    ['too many messages in flight', new OverLimit(answered(403)), 'throttled'],
    ['too many requests by status', dynamoError('Unheard', 429), 'throttled'],
    ['an aborted request', named('AbortError'), 'timeout'],
    ['a timed-out request', named('TimeoutError'), 'timeout'],
    ['a signal that timed out', new DOMException('timed out', 'TimeoutError'), 'timeout'],
    ['a server error', new InternalServerError(answered(500)), 'unavailable'],
    ['an unheard server error', dynamoError('Unheard', 503, 'server'), 'unavailable'],
    ['a bad gateway', sqsError('Unheard', 502), 'unavailable'],
    ['a refused connection', systemError('ECONNREFUSED'), 'unavailable'],
    ['a lost connection', systemError('ECONNRESET'), 'unavailable'],
    ['a failed name look-up', systemError('ENOTFOUND'), 'unavailable'],
    ['an answer that broke off', unreadable(new Error('aborted'), 200), 'unavailable'],
    ['an answer that is no JSON', unreadable(new SyntaxError('Unexpected token <'), 200), 'unavailable'],
    ['a page of a proxy', unreadable(new SyntaxError('Unexpected token <'), 400), 'unavailable'],
    ['no permission', dynamoError('AccessDeniedException', 400), 'denied'],
    ['no permission for a queue', sqsError('AccessDenied', 403), 'denied'],
    ['no permission for a key', new KmsAccessDenied(answered(400)), 'denied'],
    ['expired credentials', dynamoError('ExpiredTokenException', 400), 'credentials'],
    ['unknown credentials', dynamoError('UnrecognizedClientException', 400), 'credentials'],
    ['missing credentials', named('CredentialsProviderError'), 'credentials'],
    ['a missing table', new ResourceNotFoundException(answered(400)), 'missing'],
    ['a missing queue', new QueueDoesNotExist(answered(400)), 'missing'],
    ['a refused item', dynamoError('ValidationException', 400), 'refused'],
    ['a refused message', new InvalidMessageContents(answered(400)), 'refused'],
    ['a request too large', dynamoError('RequestEntityTooLarge', 413), 'refused'],
  ])('takes %s for what it means', (_, cause, code) => {
    const error = toServiceError(cause, 'write to the table');

    expect(error).toBeInstanceOf(ServiceError);
    expect(error.code).toBe(code);
    expect(error.cause).toBe(cause);
  });

  it.each<[string, unknown]>([
    [
      'an item that cannot be written as DynamoDB writes it',
      new Error('Special numeric value NaN is not allowed'),
    ],
    ['a defect', new TypeError("Cannot read properties of undefined (reading 'pk')")],
  ])('does not take %s for something that passes by itself', (_, cause) => {
    expect(toServiceError(cause, 'write to the table').isTransient).toBe(false);
  });

  it.each(['throttled', 'timeout', 'unavailable'] as const)('tries again where something is %s', (code) => {
    expect(new ServiceError(code, 'no').isTransient).toBe(true);
  });

  it.each(['credentials', 'denied', 'missing', 'refused'] as const)(
    'does not try again where something is %s',
    (code) => {
      expect(new ServiceError(code, 'no').isTransient).toBe(false);
    },
  );

  it('says in words what the SDK found missing, and what to set', () => {
    const noRegion = toServiceError(new Error('Region is missing'), 'read the table');
    const none = Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    });

    expect(`${noRegion.message}; ${noRegion.hint}`).toBe(
      'could not read the table: no region is set; set AWS_REGION, or a region in the AWS profile',
    );
    expect(toServiceError(none, 'read the table').message).toBe(
      'could not read the table: there are no AWS credentials',
    );
  });

  it('says what was being done and what came', () => {
    const error = toServiceError(new ResourceNotFoundException(answered(400)), 'write to the table');

    expect(error.message).toBe('could not write to the table: ResourceNotFoundException: no');
    expect(error.name).toBe('ServiceError');
  });

  it('says it in one line', () => {
    const error = toServiceError(unreadable(new Error('aborted'), 200), 'write to the table');

    expect(error.message).toBe('could not write to the table: aborted');
  });

  it('says that there is no parameter, since SSM gives nothing but the name of the error', () => {
    const error = toServiceError(named('ParameterNotFound'), 'read the parameter /a/b');

    expect(error).toMatchObject({
      code: 'missing',
      message: 'could not read the parameter /a/b: there is none',
    });
  });

  it.each<[string, unknown, 'no' | 'unknown']>([
    ['was refused', dynamoError('ValidationException', 400), 'no'],
    ['lacks permission', dynamoError('AccessDeniedException', 400), 'no'],
    ['was throttled', new ThrottlingException(answered(400)), 'no'],
    ['had no credentials', named('CredentialsProviderError'), 'no'],
    ['met a server error', new InternalServerError(answered(500)), 'unknown'],
    ['got half an answer', unreadable(new Error('aborted'), 200), 'unknown'],
    ['lost its connection', systemError('ECONNRESET'), 'unknown'],
    ['timed out', named('TimeoutError'), 'unknown'],
  ])('knows whether a request that %s may have had its effect', (_, cause, expected) => {
    expect(toServiceError(cause, 'write').isApplied).toBe(expected);
  });

  it('leaves a ServiceError as it is', () => {
    const error = new ServiceError('missing', 'no such table');

    expect(toServiceError(error, 'read')).toBe(error);
  });

  it.each([undefined, null, 'text', 7, {}])('bears %j', (cause) => {
    expect(toServiceError(cause, 'read').message).toContain(String(cause));
  });
});
