import { GetParameterHistoryCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { rollBack, takeBack } from '../../../lib/cutover/roll-back.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);
const history: object[] = [];

beforeEach(() => {
  history.length = 0;
  history.push({ Value: '{"mode":"consensus"}', Version: 1, LastModifiedDate: new Date(1_000) });
  ssm.reset();
  ssm.on(GetParameterHistoryCommand).callsFake(() => ({ Parameters: [...history] }));
  ssm.on(PutParameterCommand).callsFake(({ Value, Description }) => {
    history.push({ Value, Description, Version: history.length + 1, LastModifiedDate: new Date(3_000) });
    return {};
  });
});

const ALARM = { name: 'service-rollback', atMs: 2_000, causes: [] };

it.each([
  [
    'an alarm',
    () => rollBack(client, '/settings', ALARM),
    'service-rollback went off at 1970-01-01T00:00:02.000Z',
  ],
  ['a person', () => takeBack(client, '/settings', { why: 'by command', alarmedAtMs: 2_000 }), 'by command'],
])('a run without a name takes back because of %s, and knows what it wrote', async (_, run, why) => {
  const description = `rolled back from consensus (version 1): ${why}`;

  expect(await run()).toEqual({
    status: 'rolled_back',
    version: 2,
    cutover: 'legacy',
    usesConsensus: false,
    written: { version: 2, description },
  });
  // The next one without a name does not take it for its own.
  expect(await run()).toMatchObject({ status: 'rolled_back_before', version: 2 });
  expect(history).toHaveLength(2);
});
