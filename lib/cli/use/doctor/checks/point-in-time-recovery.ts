import {
  type ContinuousBackupsDescription,
  DescribeContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass } from '../findings.ts';

export const recoveryCheck: Check = {
  name: 'point-in-time recovery',
  parts: ['table'],
  actions: ['dynamodb:DescribeContinuousBackups'],
  isDeployedOnly: true,
  run: async ({ clients, nameOf }) => {
    const TableName = nameOf('table');
    const asked = new DescribeContinuousBackupsCommand({ TableName });
    return judgeRecovery((await clients.dynamodb.send(asked)).ContinuousBackupsDescription, TableName);
  },
};

export function judgeRecovery(backups: ContinuousBackupsDescription | undefined, table: string): Finding {
  const { PointInTimeRecoveryStatus, RecoveryPeriodInDays } = backups?.PointInTimeRecoveryDescription ?? {};
  if (PointInTimeRecoveryStatus === 'ENABLED') return pass(`on, for ${RecoveryPeriodInDays ?? 35} days`);
  return fail(
    'off: overwritten or deleted data is lost',
    `aws dynamodb update-continuous-backups --table-name ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
  );
}
