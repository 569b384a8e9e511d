import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../lib/aws/service-error.ts';
import { changeParameter, failureOf } from '../../../lib/cutover/change-parameter.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);

const BEFORE = { value: 'old', version: 2, changedAtMs: 0 };
const change = () =>
  changeParameter(client, '/settings', {
    before: BEFORE,
    value: 'ours',
    description: 'why',
    isWanted: (value) => value.startsWith('ours'),
  });

/** What the looks show, one after the other. */
function shown(...values: readonly string[]): void {
  const described = values.map((Value, n) => ({ Parameter: { Value, Version: n + 2 } }));
  ssm.on(GetParameterCommand).callsFake(() => described.shift());
}

const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const refused = (status: number) => Object.assign(new Error('no'), { $metadata: { httpStatusCode: status } });

beforeEach(() => {
  ssm.reset();
  ssm.on(PutParameterCommand).resolves({ Version: 3 });
});

describe('changeParameter', () => {
  it('writes once over the value that it was decided on', async () => {
    shown('old', 'ours');

    expect(await change()).toEqual({
      status: 'changed',
      now: { value: 'ours', version: 3, changedAtMs: 0 },
    });
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(PutParameterCommand, {
      Name: '/settings',
      Value: 'ours',
      Description: 'why',
      Overwrite: true,
      Type: 'String',
    });
  });

  it('takes what is wanted for changed, with whatever somebody else changed beside it', async () => {
    shown('old', 'ours and more');

    expect(await change()).toMatchObject({ status: 'changed', now: { value: 'ours and more' } });
  });

  it('writes nothing where another value is there already', async () => {
    shown('theirs');

    expect(await change()).toMatchObject({ status: 'overtaken', now: { value: 'theirs' } });
    expect(ssm).not.toHaveReceivedCommand(PutParameterCommand);
  });

  it.each(['theirs', 'old'])('says that %s is in force where that came after the write', async (value) => {
    shown('old', value);

    expect(await change()).toMatchObject({ status: 'replaced', now: { value, version: 3 } });
  });

  it.each([
    ['lost', lost],
    ['a fault of SSM', refused(500)],
  ])('looks where the answer is %s', async (_, error) => {
    ssm.on(PutParameterCommand).rejects(error);
    shown('old', 'ours');
    expect(await change()).toMatchObject({ status: 'changed' });

    shown('old', 'theirs');
    expect(await change()).toMatchObject({ status: 'replaced', now: { value: 'theirs' } });

    shown('old', 'old');
    expect(await change()).toMatchObject({
      status: 'unanswered',
      now: { value: 'old' },
      failure: { message: expect.stringContaining('could not write the parameter /settings') },
    });
  });

  it.each([
    ['answered', undefined],
    ['lost', lost],
  ])('does not know what is in force where the write was %s and the look fails', async (_, error) => {
    if (error !== undefined) ssm.on(PutParameterCommand).rejects(error);
    ssm
      .on(GetParameterCommand)
      .resolvesOnce({ Parameter: { Value: 'old' } })
      .rejects(refused(500));

    expect(await change()).toMatchObject({ status: 'unseen', failure: { code: 'unavailable' } });
  });

  it.each([400, 403, 429, 499])('throws where SSM answers %i: nothing was written', async (status) => {
    ssm.on(PutParameterCommand).rejects(refused(status));
    shown('old');

    await expect(change()).rejects.toMatchObject({ name: 'ServiceError', isApplied: 'no' });
  });

  it('throws where it has no credentials: nothing was sent', async () => {
    const none = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
    ssm.on(PutParameterCommand).rejects(none);
    shown('old');

    await expect(change()).rejects.toThrow(ServiceError);
  });
});

describe('failureOf', () => {
  it('gives what went wrong with the service, and nothing where nothing did', async () => {
    const failure = new ServiceError('throttled', 'no');

    expect(await failureOf(Promise.reject(failure))).toBe(failure);
    expect(await failureOf(Promise.resolve())).toBeUndefined();
  });

  it('takes no defect for a failure of the service', async () => {
    await expect(failureOf(Promise.reject(new TypeError('defect')))).rejects.toThrow(TypeError);
  });
});
