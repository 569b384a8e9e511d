import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, arnOf, REGION } from '../account.ts';
import type { AlarmChange, AlarmWatch, StateAt } from './alarm-watch.ts';

/**
 * The event that EventBridge receives when an alarm changes. Source: CloudWatch User Guide, "Alarm events and
 * EventBridge".
 */
export function stateChangeEvent({ alarm, previous, state }: AlarmChange, watch: AlarmWatch): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: ACCOUNT_ID,
    time: new Date(state.sinceMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: REGION,
    resources: [arnOf('cloudwatch', `alarm:${alarm.name}`)],
    detail: {
      alarmName: alarm.name,
      configuration: {},
      previousState: stateDetail(previous, watch),
      state: stateDetail(state, watch),
    },
  };
}

function stateDetail(state: StateAt, watch: AlarmWatch) {
  const { value, sinceMs, reason, causes } = state;
  return {
    value,
    reason,
    ...(causes.length > 0 && { reasonData: reasonData(state, watch) }),
    timestamp: timestamp(sinceMs),
  };
}

/** Why a composite alarm is in its state, as JSON. */
export function reasonData({ sinceMs, causes }: StateAt, watch: AlarmWatch): string {
  const triggeringAlarms = causes.map((name) => ({
    arn: arnOf('cloudwatch', `alarm:${name}`),
    state: { value: watch.stateOf(name)?.value, timestamp: timestamp(sinceMs) },
  }));
  return JSON.stringify({ triggeringAlarms });
}

/** In CloudWatch's format: `2026-07-22T15:57:45.394+0000`. */
function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000');
}
