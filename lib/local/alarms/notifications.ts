import type { AlarmChange } from './alarm-watch.ts';

/** A notification published to a topic. */
export interface Notification {
  /** ARN of the topic. */
  readonly topic: string;
  readonly subject: string;
  readonly message: string;
}

/** The messages that CloudWatch publishes to an alarm's topics when it changes. */
export function notificationsOf({ alarm, previous, state }: AlarmChange): Notification[] {
  const topics = { ALARM: alarm.onAlarm, OK: alarm.onOk, INSUFFICIENT_DATA: [] }[state.value];
  const message = JSON.stringify({
    AlarmName: alarm.name,
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: new Date(state.sinceMs).toISOString(),
    OldStateValue: previous.value,
  });
  return topics.map((topic) => ({ topic, subject: `${state.value}: "${alarm.name}"`, message }));
}
