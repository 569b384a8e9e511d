import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../lib/aws/service-error.ts';
import { getParameter } from '../../../lib/cutover/settings-parameter.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);

beforeEach(() => {
  ssm.reset();
});

const failure = (name: string, more: object = {}) => Object.assign(new Error('why'), { name, ...more });

describe('getParameter', () => {
  it('asks for the name and gives value, version and time', async () => {
    const LastModifiedDate = new Date('2026-11-22T12:00:00Z');
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '{}', Version: 4, LastModifiedDate } });

    expect(await getParameter(client, '/a/b')).toEqual({
      value: '{}',
      version: 4,
      changedAtMs: LastModifiedDate.getTime(),
    });
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(GetParameterCommand, { Name: '/a/b' });
  });

  it('does without what SSM does not say', async () => {
    ssm.on(GetParameterCommand).resolvesOnce({ Parameter: {} }).resolves({});

    const nothing = { value: '', version: 0, changedAtMs: 0 };
    expect(await getParameter(client, '/a/b')).toEqual(nothing);
    expect(await getParameter(client, '/a/b')).toEqual(nothing);
  });

  it('can be aborted', async () => {
    ssm.on(GetParameterCommand).resolves({});
    const { signal } = new AbortController();

    await getParameter(client, '/a/b', signal);
    await getParameter(client, '/a/b');

    const options = ssm.calls().map(({ args }) => (args as readonly unknown[])[1]);
    expect(options).toEqual([{ abortSignal: signal }, {}]);
  });

  it.each([
    ['ParameterNotFound', {}, 'missing', 'there is none'],
    ['ThrottlingException', {}, 'throttled', 'ThrottlingException: why'],
    ['AccessDeniedException', {}, 'denied', 'AccessDeniedException: why'],
    ['AbortError', {}, 'timeout', 'AbortError: why'],
    ['InternalServerError', {}, 'unavailable', 'InternalServerError: why'],
    ['Strange', { $metadata: { httpStatusCode: 503 } }, 'unavailable', 'Strange: why'],
    ['Strange', { $metadata: { httpStatusCode: 429 } }, 'throttled', 'Strange: why'],
    ['Strange', { $metadata: { httpStatusCode: 403 } }, 'denied', 'Strange: why'],
    ['Error', { code: 'ECONNREFUSED' }, 'unavailable', 'why'],
    ['ValidationException', { $metadata: { httpStatusCode: 400 } }, 'refused', 'ValidationException: why'],
  ])('says what %s %j means: %s', async (name, more, code, why) => {
    const cause = failure(name, more);
    ssm.on(GetParameterCommand).rejects(cause);

    const error = await getParameter(client, '/a/b').catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ code, message: `could not read the parameter /a/b: ${why}`, cause });
  });
});
