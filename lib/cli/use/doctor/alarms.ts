import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { alarmPrefix } from '../../../aws/stack-outputs.ts';
import type { AlarmState } from '../../../cutover/plan-change.ts';
import { type AlarmRule, parseAlarmRule } from '../../../local/alarms/alarm-rule.ts';

/** An alarm of the environment. */
export interface DescribedAlarm {
  readonly name: string;
  readonly state: AlarmState;
  /** ARNs of its alarm actions. */
  readonly onAlarm: readonly string[];
  readonly areActionsEnabled: boolean;
  /** Rule of a composite alarm. */
  readonly rule?: AlarmRule;
}

/**
 * Describes all alarms of an environment.
 *
 * @param rollbackAlarm the name of the alarm that triggers the rollback
 * @throws what the client throws
 */
export async function describeAlarms(
  client: CloudWatchClient,
  rollbackAlarm: string,
): Promise<DescribedAlarm[]> {
  const alarms: DescribedAlarm[] = [];
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms(
    { client },
    { AlarmNamePrefix: alarmPrefix(rollbackAlarm), AlarmTypes: ['CompositeAlarm', 'MetricAlarm'] },
  )) {
    alarms.push(...MetricAlarms.map(described));
    for (const alarm of CompositeAlarms) {
      alarms.push({ ...described(alarm), rule: parseAlarmRule(alarm.AlarmRule ?? 'FALSE') });
    }
  }
  return alarms;
}

type Described = Pick<MetricAlarm, 'AlarmName' | 'StateValue' | 'AlarmActions' | 'ActionsEnabled'>;

function described({ AlarmName, StateValue, AlarmActions, ActionsEnabled }: Described): DescribedAlarm {
  return {
    name: AlarmName ?? '',
    state: StateValue as AlarmState,
    onAlarm: AlarmActions ?? [],
    areActionsEnabled: ActionsEnabled !== false,
  };
}
