import { DescribeLogGroupsCommand, type LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass, skipped } from '../findings.ts';

export const logRetentionCheck: Check = {
  name: 'log retention',
  parts: ['scoringLogGroup', 'rollbackLogGroup'],
  actions: ['logs:DescribeLogGroups'],
  isDeployedOnly: true,
  needsStacks: true,
  run: async ({ clients, nameOf, subject: { deployedWith } }) => {
    if (deployedWith === undefined) return skipped('unnamed');
    const names = [nameOf('scoringLogGroup'), nameOf('rollbackLogGroup')];
    const found = await Promise.all(
      names.map(async (logGroupNamePrefix) => {
        const { logGroups = [] } = await clients.logs.send(
          new DescribeLogGroupsCommand({ logGroupNamePrefix }),
        );
        return logGroups.find(({ logGroupName }) => logGroupName === logGroupNamePrefix);
      }),
    );
    return judgeLogRetention(names, found, deployedWith.logRetentionDays);
  },
};

/** @param groups in the order of the names; undefined for one that does not exist */
export function judgeLogRetention(
  names: readonly string[],
  groups: readonly (LogGroup | undefined)[],
  days: number,
): Finding {
  const missing = names.filter((_, n) => groups[n] === undefined);
  if (missing.length > 0) return fail(`there is no log group ${missing.join(', ')}`, 'deploy again');
  const others = groups.filter((group) => group?.retentionInDays !== days);
  if (others.length === 0) return pass(`logs are kept for ${days} days`);
  const kept = others.map((group) => `${group?.logGroupName} ${periodOf(group?.retentionInDays)}`);
  const commands = others.map(
    (group) =>
      `aws logs put-retention-policy --log-group-name ${group?.logGroupName} --retention-in-days ${days}`,
  );
  return fail(`expected ${days} days, but ${kept.join(', ')}`, commands.join('; '));
}

function periodOf(days: number | undefined): string {
  return days === undefined ? 'keeps logs forever' : `keeps them for ${days}`;
}
