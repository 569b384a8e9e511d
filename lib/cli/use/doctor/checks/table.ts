import { DescribeTableCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';

export const tableCheck: Check = {
  name: 'table',
  parts: ['table'],
  actions: ['dynamodb:DescribeTable'],
  run: async ({ clients, nameOf, subject }) => {
    const { Table = {} } = await clients.dynamodb.send(
      new DescribeTableCommand({ TableName: nameOf('table') }),
    );
    return judgeTable(Table, subject.deployedWith?.isDataRetained === true);
  },
};

/** @param isRetained whether the table must be protected from deletion */
export function judgeTable(
  { TableStatus, DeletionProtectionEnabled = false, GlobalSecondaryIndexes = [] }: TableDescription,
  isRetained: boolean,
): Finding {
  // An UPDATING table accepts reads and writes.
  if (TableStatus !== 'ACTIVE' && TableStatus !== 'UPDATING') {
    return fail(
      `it is ${TableStatus ?? 'unknown'}`,
      'check it in the DynamoDB console; restore it if it was deleted or archived',
    );
  }
  const unready = GlobalSecondaryIndexes.filter(
    ({ IndexStatus = 'ACTIVE' }) => !/^(?:ACTIVE|UPDATING)$/.test(IndexStatus),
  );
  if (unready.length > 0) {
    const states = unready.map(({ IndexName, IndexStatus }) => `the index ${IndexName} is ${IndexStatus}`);
    return warn(states.join(', '), 'wait: attention, stats and compare need it');
  }
  if (!isRetained) return pass('it is active');
  if (DeletionProtectionEnabled) return pass('it is active and protected from deletion');
  return fail(
    'it is active, but not protected from deletion',
    'list Storage in protectedStacks of the environment and deploy again',
  );
}
