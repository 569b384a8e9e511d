import {
  DeleteParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { resetSettings } from '../../../lib/cutover/reset-settings.ts';
import { bothParameters, NAMES } from '../../factories/stored-settings.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);

const INITIAL = { value: 'initial', version: 1, changedAtMs: 0 };
const reset = () =>
  resetSettings(client, NAMES, {
    before: { value: 'old', version: 2, changedAtMs: 0 },
    initial: INITIAL,
    description: 'why',
  });

/** Successive reads of the settings; undefined for none. */
let settings: { Value: string; Version: number; LastModifiedDate: Date } | undefined;
/** What happens right after a successful write or deletion. */
let onPut: () => void;
let onDelete: () => void;

const put = (Value: string) => {
  const Version = (settings?.Version ?? 0) + 1;
  settings = { Value, Version, LastModifiedDate: new Date(Version * 1_000) };
};

beforeEach(() => {
  settings = { Value: 'old', Version: 2, LastModifiedDate: new Date(0) };
  onPut = () => {};
  onDelete = () => {};
  ssm.reset();
  ssm
    .on(GetParametersCommand)
    .callsFake(() => bothParameters(settings, { Value: INITIAL.value, Version: INITIAL.version }));
  ssm.on(PutParameterCommand).callsFake(({ Value }: { Value: string }) => {
    put(Value);
    onPut();
    return { Version: settings?.Version };
  });
  ssm.on(DeleteParameterCommand).callsFake(() => {
    settings = undefined;
    onDelete();
    return {};
  });
});

const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const refused = (name: string) =>
  Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: 400 } });

describe('resetSettings', () => {
  it('writes the initial values with the reason, then deletes', async () => {
    expect(await reset()).toEqual({
      status: 'reset',
      now: { source: 'initial', ...INITIAL },
      notedAtMs: 3_000,
    });
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(PutParameterCommand, {
      Name: '/settings',
      Value: 'initial',
      Description: 'why',
      Overwrite: true,
      Type: 'String',
    });
    expect(ssm).toHaveReceivedCommandExactlyOnceWith(DeleteParameterCommand, { Name: '/settings' });
  });

  it('deletes nothing that somebody else has set meanwhile', async () => {
    put('theirs');
    expect(await reset()).toMatchObject({ status: 'overtaken', now: { value: 'theirs' } });

    settings = { Value: 'old', Version: 2, LastModifiedDate: new Date(0) };
    onPut = () => put('theirs');
    expect(await reset()).toMatchObject({ status: 'replaced', now: { value: 'theirs' } });

    expect(ssm).not.toHaveReceivedCommand(DeleteParameterCommand);
  });

  it('is done where somebody else deletes at the same time', async () => {
    ssm.on(DeleteParameterCommand).callsFake(() => {
      settings = undefined;
      throw refused('ParameterNotFound');
    });

    expect(await reset()).toMatchObject({ status: 'reset' });
  });

  it('says what somebody sets right after the deletion', async () => {
    onDelete = () => put('theirs');

    expect(await reset()).toMatchObject({ status: 'replaced', now: { value: 'theirs', version: 1 } });
  });

  it.each([
    ['after it was done', true, { status: 'reset' }],
    ['before it was done', false, { status: 'unanswered', now: { value: 'initial' } }],
  ])('looks where the answer to the deletion is lost %s', async (_, isDone, expected) => {
    ssm.on(DeleteParameterCommand).callsFake(() => {
      if (isDone) settings = undefined;
      throw lost;
    });

    expect(await reset()).toMatchObject(expected);
  });

  it('does not know what is in force where the look after the deletion fails', async () => {
    onDelete = () => ssm.on(GetParametersCommand).rejects(lost);

    expect(await reset()).toMatchObject({ status: 'unseen', failure: { code: 'unavailable' } });
  });

  it('says that the settings stay, with the initial values, where they may not be deleted', async () => {
    ssm.on(DeleteParameterCommand).rejects(refused('AccessDeniedException'));

    expect(await reset()).toMatchObject({
      status: 'kept',
      failure: {
        code: 'denied',
        message: expect.stringContaining('could not delete the parameter /settings'),
      },
    });
    expect(settings?.Value).toBe('initial');
  });
});
