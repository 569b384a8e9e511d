import { DescribeTimeToLiveCommand, type TimeToLiveDescription } from '@aws-sdk/client-dynamodb';
import { EXPIRY_ATTRIBUTE } from '../../../../store/table-schema.ts';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass } from '../findings.ts';

export const expiryCheck: Check = {
  name: 'expiry',
  parts: ['table'],
  actions: ['dynamodb:DescribeTimeToLive'],
  isDeployedOnly: true,
  run: async ({ clients, nameOf }) => {
    const TableName = nameOf('table');
    const asked = new DescribeTimeToLiveCommand({ TableName });
    return judgeExpiry((await clients.dynamodb.send(asked)).TimeToLiveDescription, TableName);
  },
};

export function judgeExpiry(expiry: TimeToLiveDescription | undefined, table: string): Finding {
  const { TimeToLiveStatus = 'DISABLED', AttributeName } = expiry ?? {};
  const isOn = TimeToLiveStatus === 'ENABLED' || TimeToLiveStatus === 'ENABLING';
  if (isOn && AttributeName === EXPIRY_ATTRIBUTE) return pass(`items are deleted after ${EXPIRY_ATTRIBUTE}`);
  return fail(
    isOn
      ? `items are deleted after ${AttributeName}, not ${EXPIRY_ATTRIBUTE}`
      : 'off: nothing is ever deleted',
    `aws dynamodb update-time-to-live --table-name ${table} --time-to-live-specification Enabled=true,AttributeName=${EXPIRY_ATTRIBUTE}`,
  );
}
