import type { Finding } from '../../../results/doctor.ts';
import { type DescribedAlarm, describeAlarms } from '../alarms.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';

export const rollbackAlarmCheck: Check = {
  name: 'rollback alarm',
  parts: ['rollbackAlarm'],
  actions: ['cloudwatch:DescribeAlarms'],
  run: async ({ clients, nameOf }) => {
    const name = nameOf('rollbackAlarm');
    const alarms = await describeAlarms(clients.cloudWatch, name);
    return judgeRollbackAlarm(name, alarms);
  },
};

/** @param alarms all alarms of the environment */
export function judgeRollbackAlarm(name: string, alarms: readonly DescribedAlarm[]): Finding {
  const alarm = alarms.find((each) => each.name === name);
  if (alarm === undefined) {
    return fail(`there is no ${name}: nothing rolls the settings back`, 'deploy the Monitoring stack');
  }
  const { state, rule } = alarm;
  if (state === 'OK') return pass('OK');
  if (state !== 'ALARM') return warn(`it is ${state}`, 'wait a few minutes and check again');
  const causes = alarms.filter((each) => each.state === 'ALARM' && rule?.alarms.includes(each.name));
  return fail(
    `it is on, and keeps the settings at legacy; set off by ${causes.map((cause) => cause.name).join(', ')}`,
    'fix the cause: each alarm has a runbook in docs/alarms.md',
  );
}
