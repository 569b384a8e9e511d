import { counted } from '../../../../statistics/count-text.ts';
import type { Finding } from '../../../results/doctor.ts';
import { type DescribedAlarm, describeAlarms } from '../alarms.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';

export const alarmsCheck: Check = {
  name: 'alarms',
  parts: ['rollbackAlarm'],
  actions: ['cloudwatch:DescribeAlarms'],
  run: async ({ clients, nameOf }) =>
    judgeAlarms(await describeAlarms(clients.cloudWatch, nameOf('rollbackAlarm'))),
};

/**
 * Checks whether alarms have actions, and which are on. An alarm that is only an input to another needs no action of
 * its own.
 */
export function judgeAlarms(alarms: readonly DescribedAlarm[]): Finding {
  if (alarms.length === 0) return fail('there are none', 'deploy the Monitoring stack');
  const disabled = namesOf(alarms.filter(({ areActionsEnabled }) => !areActionsEnabled));
  if (disabled.length > 0) {
    return fail(
      `actions are disabled for ${disabled.join(', ')}`,
      `aws cloudwatch enable-alarm-actions --alarm-names ${disabled.join(' ')}`,
    );
  }
  const parts = new Set(alarms.flatMap(({ rule }) => rule?.alarms ?? []));
  const silent = namesOf(alarms.filter(({ name, onAlarm }) => onAlarm.length === 0 && !parts.has(name)));
  if (silent.length > 0)
    return fail(`no action for ${silent.join(', ')}`, 'deploy the Monitoring stack again');
  const on = namesOf(alarms.filter(({ state }) => state === 'ALARM'));
  if (on.length > 0) {
    return warn(`on: ${on.join(', ')}`, 'each has a runbook in docs/alarms.md');
  }
  return pass(`${counted(alarms.length, 'alarm')}, all with actions, none on`);
}

function namesOf(alarms: readonly DescribedAlarm[]): string[] {
  return alarms.map(({ name }) => name);
}
