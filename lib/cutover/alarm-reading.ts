import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { causesIn } from './alarm-event.ts';
import type { AlarmState } from './plan-change.ts';

/** An alarm as CloudWatch describes it. */
export interface AlarmReading {
  readonly state: AlarmState;
  /** When it entered this state, epoch milliseconds. */
  readonly sinceMs: number;
  /** Names of the alarms that caused it; empty if CloudWatch does not report them. */
  readonly causes: readonly string[];
}

/**
 * Reads the current state of an alarm, composite or not. CloudWatch describes composite alarms only to callers that may
 * read all alarms.
 *
 * @returns undefined if there is no such alarm
 * @throws what the client throws
 */
export async function readAlarm(client: CloudWatchClient, name: string): Promise<AlarmReading | undefined> {
  const { CompositeAlarms = [], MetricAlarms = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['CompositeAlarm', 'MetricAlarm'] }),
  );
  const [alarm] = [...CompositeAlarms, ...MetricAlarms];
  if (alarm?.StateValue === undefined) return undefined;
  return {
    state: alarm.StateValue as AlarmState,
    sinceMs: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime() ?? 0,
    causes: causesIn(alarm.StateReasonData ?? '{}'),
  };
}
