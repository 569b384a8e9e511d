import { type AccountLimit, GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import type { DeployedWith } from '../../../../aws/stack-outputs.ts';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass, skipped } from '../findings.ts';

export const concurrencyCheck: Check = {
  name: 'concurrency',
  parts: [],
  actions: ['lambda:GetAccountSettings'],
  isDeployedOnly: true,
  needsStacks: true,
  run: async ({ clients, subject: { deployedWith } }) => {
    if (deployedWith === undefined) return skipped('unnamed');
    const { AccountLimit = {} } = await clients.lambda.send(new GetAccountSettingsCommand());
    return judgeConcurrency(AccountLimit, deployedWith);
  },
};

/** Code of Lambda's quota "Concurrent executions" in Service Quotas. */
const QUOTA_CODE = 'L-B99A9384';
/** For the rollback function, if it has no reserved concurrency. */
const ROLLBACK_EXECUTIONS = 1;

/**
 * Checks whether scoring and rollback can run at the same time. A new account's quota may be ten, and other functions
 * share it.
 */
export function judgeConcurrency(
  { ConcurrentExecutions = 0, UnreservedConcurrentExecutions = 0 }: AccountLimit,
  { maximumConcurrency, isRollbackReserved }: Pick<DeployedWith, 'maximumConcurrency' | 'isRollbackReserved'>,
): Finding {
  const needed = maximumConcurrency + (isRollbackReserved ? 0 : ROLLBACK_EXECUTIONS);
  const quota = `the account has ${ConcurrentExecutions} executions, ${UnreservedConcurrentExecutions} of them not reserved`;
  if (UnreservedConcurrentExecutions >= needed) return pass(`${quota}; ${needed} are configured`);
  return fail(
    `${quota}, and ${needed} are configured: functions will be throttled`,
    `ask for more (aws service-quotas request-service-quota-increase --service-code lambda --quota-code ${QUOTA_CODE} --desired-value N), or lower maximumConcurrency of the environment`,
  );
}
