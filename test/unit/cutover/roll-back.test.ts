import {
  GetParameterHistoryCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { rollBack, takeBack } from '../../../lib/cutover/roll-back.ts';
import { bothParameters, NAMES } from '../../factories/stored-settings.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);
let history: object[] = [];

beforeEach(() => {
  history = [];
  history.push({ Value: '{"mode":"consensus"}', Version: 1, LastModifiedDate: new Date(1_000) });
  ssm.reset();
  ssm.on(GetParameterHistoryCommand).callsFake(() => ({ Parameters: [...history] }));
  ssm.on(GetParametersCommand).callsFake(() => bothParameters(history.at(-1) as object, { Value: '{}' }));
  ssm.on(PutParameterCommand).callsFake(({ Value, Description }) => {
    history.push({ Value, Description, Version: history.length + 1, LastModifiedDate: new Date(3_000) });
    return { Version: history.length };
  });
});

const ALARM = { name: 'service-rollback', atMs: 2_000, causes: [] };

it.each([
  ['an alarm', () => rollBack(client, NAMES, ALARM), 'service-rollback went off at 1970-01-01T00:00:02.000Z'],
  ['a person', () => takeBack(client, NAMES, { why: 'by command', alarmedAtMs: 2_000 }), 'by command'],
])('a run without a name takes back because of %s, and knows what it wrote', async (_, run, why) => {
  const description = `rolled back from consensus (version 1): ${why}`;

  expect(await run()).toEqual({
    status: 'rolled_back',
    source: 'operator',
    version: 2,
    cutover: 'legacy',
    usesConsensus: false,
    written: { version: 2, description },
  });
  // The next one without a name does not mistake it for its own.
  expect(await run()).toMatchObject({ status: 'rolled_back_before', version: 2 });
  expect(history).toHaveLength(2);
});

it('says what it wrote although it was reset before the last look', async () => {
  ssm.on(PutParameterCommand).callsFake(() => {
    history = [];
    return { Version: 2 };
  });

  expect(await rollBack(client, NAMES, ALARM)).toEqual({
    status: 'rolled_back',
    source: 'initial',
    version: 0,
    cutover: 'legacy',
    usesConsensus: false,
    written: { version: 2, description: expect.stringContaining('rolled back from consensus (version 1)') },
  });
});

it('looks again where somebody else creates the first settings at the same time', async () => {
  history = [];
  ssm
    .on(GetParametersCommand)
    .callsFake(() => bothParameters(history.at(-1) as object, { Value: '{"mode":"consensus"}', Version: 1 }));
  ssm.on(PutParameterCommand, { Overwrite: false }).callsFake(() => {
    history.push({ Value: '{"mode":"parallel","consensusPercent":5,"minScorers":3}', Version: 1 });
    throw Object.assign(new Error('no'), {
      name: 'ParameterAlreadyExists',
      $metadata: { httpStatusCode: 400 },
    });
  });

  expect(await rollBack(client, NAMES, ALARM)).toMatchObject({
    status: 'rolled_back',
    version: 2,
    cutover: 'legacy',
  });
  expect(history.at(-1)).toMatchObject({ Value: '{"mode":"legacy","consensusPercent":0,"minScorers":3}' });
});
