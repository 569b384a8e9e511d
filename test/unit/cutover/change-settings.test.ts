import { GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../lib/aws/service-error.ts';
import { changeSettings, failureOf } from '../../../lib/cutover/change-settings.ts';
import { bothParameters, NAMES } from '../../factories/stored-settings.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);

const INITIAL = { Value: 'initial', Version: 1 };
const OPERATORS = { source: 'operator', value: 'old', version: 2, changedAtMs: 0 } as const;
const INITIALS = { source: 'initial', value: 'initial', version: 1, changedAtMs: 0 } as const;
const change = (before: Parameters<typeof changeSettings>[2]['before'] = OPERATORS) =>
  changeSettings(client, NAMES, {
    before,
    value: 'ours',
    description: 'why',
    isWanted: (value) => value.startsWith('ours'),
  });

/** Successive reads of the settings; undefined for none, while the initial ones always exist. */
function shown(...values: readonly (string | undefined)[]): void {
  const answers = values.map((Value, n) =>
    bothParameters(Value === undefined ? undefined : { Value, Version: n + 2 }, INITIAL),
  );
  ssm.on(GetParametersCommand).callsFake(() => answers.shift());
}

const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const refused = (status: number) => Object.assign(new Error('no'), { $metadata: { httpStatusCode: status } });

beforeEach(() => {
  ssm.reset();
  ssm.on(PutParameterCommand).resolves({ Version: 3 });
});

describe('changeSettings', () => {
  it('writes once over the value that it was decided on', async () => {
    shown('old', 'ours');

    expect(await change()).toEqual({
      status: 'changed',
      now: { source: 'operator', value: 'ours', version: 3, changedAtMs: 0 },
    });
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(PutParameterCommand, {
      Name: '/settings',
      Value: 'ours',
      Description: 'why',
      Overwrite: true,
      Type: 'String',
    });
  });

  it('creates the first settings, and never over somebody else’s', async () => {
    shown(undefined, 'ours');

    expect(await change(INITIALS)).toMatchObject({
      status: 'changed',
      now: { source: 'operator', value: 'ours' },
    });
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(PutParameterCommand, {
      Name: '/settings',
      Value: 'ours',
      Description: 'why',
      Overwrite: false,
      Type: 'String',
    });
  });

  it('creates settings where not even initial ones are there', async () => {
    const answers = [bothParameters(undefined), bothParameters({ Value: 'ours', Version: 1 })];
    ssm.on(GetParametersCommand).callsFake(() => answers.shift());
    const nothing = { before: undefined, value: 'ours', description: '', isWanted: () => true };

    expect(await changeSettings(client, NAMES, nothing)).toMatchObject({ status: 'changed' });
    expect(ssm).toHaveReceivedCommandWith(PutParameterCommand, { Overwrite: false });
  });

  it('is overtaken by whoever creates the first settings at the same time, whatever they say', async () => {
    const exists = Object.assign(refused(400), { name: 'ParameterAlreadyExists' });
    for (const theirs of ['theirs', 'ours']) {
      ssm.on(PutParameterCommand).rejects(exists);
      shown(undefined, theirs);

      expect(await change(INITIALS)).toMatchObject({
        status: 'overtaken',
        now: { source: 'operator', value: theirs },
      });
    }
  });

  it('takes what is wanted for changed, with whatever somebody else changed beside it', async () => {
    shown('old', 'ours and more');

    expect(await change()).toMatchObject({ status: 'changed', now: { value: 'ours and more' } });
  });

  it.each([
    ['another value', OPERATORS, ['theirs']],
    ['settings, where there were none', INITIALS, ['initial']],
    ['no settings, where there were some', OPERATORS, [undefined]],
  ])('writes nothing where there are %s by now', async (_, before, looks) => {
    shown(...looks);

    const source = looks[0] === undefined ? 'initial' : 'operator';
    expect(await change(before)).toMatchObject({ status: 'overtaken', now: { source } });
    expect(ssm).not.toHaveReceivedCommand(PutParameterCommand);
  });

  it('writes nothing where the initial settings, which it was decided on, are others by now', async () => {
    ssm.on(GetParametersCommand).resolves(bothParameters(undefined, { Value: 'other', Version: 2 }));

    expect(await change(INITIALS)).toMatchObject({ status: 'overtaken', now: { value: 'other' } });
    expect(ssm).not.toHaveReceivedCommand(PutParameterCommand);
  });

  it.each(['theirs', 'old', undefined])(
    'says that %s is in force where that came after the write',
    async (value) => {
      shown('old', value);

      const now = value === undefined ? INITIALS : { value, version: 3 };
      expect(await change()).toMatchObject({ status: 'replaced', now });
    },
  );

  it('does not take initial settings that say the same for its own', async () => {
    const initial = { Value: 'ours', Version: 1 };
    const answers = [bothParameters({ Value: 'old' }, initial), bothParameters(undefined, initial)];
    ssm.on(GetParametersCommand).callsFake(() => answers.shift());

    expect(await change()).toMatchObject({ status: 'replaced', now: { source: 'initial' } });
  });

  it.each([
    ['lost', lost, OPERATORS, 'old'],
    ['a fault of SSM', refused(500), OPERATORS, 'old'],
    ['lost', lost, INITIALS, undefined],
  ])('looks where the answer is %s', async (_, error, before, old) => {
    ssm.on(PutParameterCommand).rejects(error);
    shown(old, 'ours');
    expect(await change(before)).toMatchObject({ status: 'changed' });

    shown(old, 'theirs');
    expect(await change(before)).toMatchObject({ status: 'replaced', now: { value: 'theirs' } });

    shown(old, old);
    expect(await change(before)).toMatchObject({
      status: 'unanswered',
      now: { value: before.value },
      failure: { message: expect.stringContaining('could not write the parameter /settings') },
    });
  });

  it.each([
    ['answered', undefined],
    ['lost', lost],
  ])('does not know what is in force where the write was %s and the look fails', async (_, error) => {
    if (error !== undefined) ssm.on(PutParameterCommand).rejects(error);
    ssm
      .on(GetParametersCommand)
      .resolvesOnce(bothParameters({ Value: 'old' }, INITIAL))
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
