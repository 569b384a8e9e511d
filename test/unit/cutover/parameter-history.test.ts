import { GetParameterHistoryCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { overwriteParameter } from '../../../lib/cutover/overwrite-parameter.ts';
import { parameterHistory } from '../../../lib/cutover/parameter-history.ts';
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

  it('says what it could not do', async () => {
    ssm.on(GetParameterHistoryCommand).rejects(denied);

    await expect(collect(parameterHistory(client, '/settings'))).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'could not read the history of /settings: AccessDeniedException: no',
    });
  });
});

describe('overwriteParameter', () => {
  it('says what it could not do', async () => {
    ssm.on(PutParameterCommand).rejects(denied);

    await expect(overwriteParameter(client, '/settings', '{}', 'why')).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'could not write the parameter /settings: AccessDeniedException: no',
    });
  });
});
