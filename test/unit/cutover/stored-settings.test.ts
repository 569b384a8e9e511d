import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../lib/aws/service-error.ts';
import { readStoredSettings, valueInForce } from '../../../lib/cutover/stored-settings.ts';
import { bothParameters, NAMES } from '../../factories/stored-settings.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);

beforeEach(() => {
  ssm.reset();
});

const failure = (name: string, more: object = {}) => Object.assign(new Error('why'), { name, ...more });
const WRITTEN = new Date('2026-11-22T12:00:00Z');
const SET = { Value: '{"mode":"consensus"}', Version: 4, LastModifiedDate: WRITTEN };
const INITIAL = { Value: '{}', Version: 1, LastModifiedDate: new Date(5) };
const OPERATORS = { value: SET.Value, version: 4, changedAtMs: WRITTEN.getTime() };
const INITIALS = { value: '{}', version: 1, changedAtMs: 5 };

describe('the stored settings', () => {
  it.each([
    ['both', SET, INITIAL, { ...OPERATORS, source: 'operator' }],
    ['the initial ones alone', undefined, INITIAL, { ...INITIALS, source: 'initial' }],
    ['settings alone', SET, undefined, { ...OPERATORS, source: 'operator' }],
    ['neither', undefined, undefined, undefined],
    // Validation happens elsewhere: existing settings are never skipped.
    [
      'settings without a value',
      { Value: '' },
      INITIAL,
      { value: '', version: 0, changedAtMs: 0, source: 'operator' },
    ],
  ])('are read in one call, and those that are set come first: %s', async (_, set, initial, expected) => {
    ssm.on(GetParametersCommand).resolves(bothParameters(set, initial));

    const stored = await readStoredSettings(client, NAMES);

    expect(stored.initial).toEqual(initial && INITIALS);
    expect(valueInForce(stored)).toEqual(expected);
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(GetParametersCommand, {
      Names: [NAMES.settings, NAMES.initial],
    });
  });

  it.each([
    ['names neither', {}],
    ['names only the settings', { Parameters: [{ Name: NAMES.settings, ...SET }] }],
    ['says nothing of the settings', { Parameters: [{ Name: NAMES.initial, ...INITIAL }] }],
  ])('are absent only where the answer says so: it %s', async (_, answer) => {
    ssm.on(GetParametersCommand).resolves(answer);

    await expect(readStoredSettings(client, NAMES)).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'unavailable',
      message: expect.stringContaining('the answer does not mention /'),
    });
  });

  it('can be aborted', async () => {
    ssm.on(GetParametersCommand).resolves(bothParameters(SET));
    const { signal } = new AbortController();

    await readStoredSettings(client, NAMES, signal);
    await readStoredSettings(client, NAMES);

    const options = ssm.calls().map(({ args }) => (args as readonly unknown[])[1]);
    expect(options).toEqual([{ abortSignal: signal }, {}]);
  });

  it.each([
    ['ThrottlingException', {}, 'throttled', 'ThrottlingException: why'],
    ['AccessDeniedException', {}, 'denied', 'AccessDeniedException: why'],
    ['AbortError', {}, 'timeout', 'AbortError: why'],
    ['InternalServerError', {}, 'unavailable', 'InternalServerError: why'],
    ['Strange', { $metadata: { httpStatusCode: 503 } }, 'unavailable', 'Strange: why'],
    ['Strange', { $metadata: { httpStatusCode: 429 } }, 'throttled', 'Strange: why'],
    ['Strange', { $metadata: { httpStatusCode: 403 } }, 'denied', 'Strange: why'],
    ['Error', { code: 'ECONNREFUSED' }, 'unavailable', 'why'],
    ['ValidationException', { $metadata: { httpStatusCode: 400 } }, 'refused', 'ValidationException: why'],
  ])('say what %s %j means: %s', async (name, more, code, why) => {
    const cause = failure(name, more);
    ssm.on(GetParametersCommand).rejects(cause);

    const error = await readStoredSettings(client, NAMES).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ServiceError);
    const message = `could not read the parameters /settings and /initial: ${why}`;
    expect(error).toMatchObject({ code, message, cause });
  });
});
