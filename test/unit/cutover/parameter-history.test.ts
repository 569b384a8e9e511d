import {
  DeleteParameterCommand,
  GetParameterHistoryCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { parameterHistory } from '../../../lib/cutover/parameter-history.ts';
import { deleteSettings, writeSettings } from '../../../lib/cutover/write-settings.ts';
import { collect } from '../../factories/iterables.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);
const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });

beforeEach(() => {
  ssm.reset();
});

describe('parameterHistory', () => {
  it('gives all values page by page, with who wrote them and why', async () => {
    const value = {
      Value: '{}',
      Version: 4,
      LastModifiedDate: new Date(5_000),
      LastModifiedUser: 'arn:aws:iam::1:user/operator',
      Description: 'why',
    };
    const pages = [{ Parameters: [value], NextToken: 'next' }, { NextToken: 'last' }, { Parameters: [{}] }];
    const asked: unknown[] = [];
    ssm.on(GetParameterHistoryCommand).callsFake(({ Name, NextToken }) => {
      asked.push([Name, NextToken]);
      return pages[asked.length - 1];
    });

    expect(await collect(parameterHistory(client, '/settings'))).toEqual([
      {
        value: '{}',
        version: 4,
        changedAtMs: 5_000,
        changedBy: 'arn:aws:iam::1:user/operator',
        description: 'why',
      },
      { value: '', version: 0, changedAtMs: 0, changedBy: '', description: '' },
    ]);
    expect(asked).toEqual([undefined, 'next', 'last'].map((token) => ['/settings', token]));
  });

  it('is empty where the parameter does not exist', async () => {
    const missing = Object.assign(new Error('no'), { name: 'ParameterNotFound' });
    ssm.on(GetParameterHistoryCommand).rejects(missing);

    expect(await collect(parameterHistory(client, '/settings'))).toEqual([]);
  });

  it('says what it could not do', async () => {
    ssm.on(GetParameterHistoryCommand).rejects(denied);

    await expect(collect(parameterHistory(client, '/settings'))).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'could not read the history of /settings: AccessDeniedException: no',
    });
  });
});

describe('writing', () => {
  it.each(['create', 'overwrite'] as const)('says what it could not do: %s', async (kind) => {
    ssm.on(PutParameterCommand).rejects(denied);

    await expect(
      writeSettings(client, '/settings', kind, { value: '{}', description: 'why' }),
    ).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'could not write the parameter /settings: AccessDeniedException: no',
    });
  });

  it('gives the version that was written', async () => {
    ssm.on(PutParameterCommand).resolvesOnce({ Version: 7 }).resolves({});
    const write = () => writeSettings(client, '/settings', 'overwrite', { value: '{}', description: '' });

    expect([await write(), await write()]).toEqual([7, 0]);
  });

  it('tells what exists already from what is wrong with the request', async () => {
    const exists = Object.assign(new Error('no'), { name: 'ParameterAlreadyExists', $fault: 'client' });
    ssm.on(PutParameterCommand).rejects(exists);

    await expect(
      writeSettings(client, '/settings', 'create', { value: '{}', description: '' }),
    ).rejects.toMatchObject({ code: 'exists' });
  });
});

describe('deleteSettings', () => {
  it.each([
    ['AccessDeniedException', 'denied'],
    ['ParameterNotFound', 'missing'],
  ])('says what it could not do: %s', async (name, code) => {
    ssm.on(DeleteParameterCommand).rejects(Object.assign(new Error('no'), { name }));

    await expect(deleteSettings(client, '/settings')).rejects.toMatchObject({
      code,
      message: expect.stringContaining('could not delete the parameter /settings'),
    });
  });
});
