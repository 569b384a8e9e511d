import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { causesIn } from './alarm-event.ts';
import type { AlarmState } from './plan-change.ts';

/** An alarm as CloudWatch describes it. */
export interface AlarmReading {
  readonly state: AlarmState;
  /** When it came to this state, epoch milliseconds. */
  readonly sinceMs: number;
  /** Names of the alarms that brought it there; empty where CloudWatch does not say. */
  readonly causes: readonly string[];
}

/**
 * Asks for an alarm's present state, be it a composite one or not. CloudWatch describes composite alarms only to those
 * who may ask about all alarms.
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
