import { arnOf } from '../account.ts';
import type { AlarmWatch } from '../alarms/alarm-watch.ts';
import { reasonData } from '../alarms/state-change-event.ts';
import { type Emulator, startEmulator } from './emulator.ts';

/** Starts CloudWatch in this process, as far as telling the states of alarms by name goes. */
export async function startCloudWatchEmulator(
  watch: AlarmWatch,
  isComposite: (name: string) => boolean,
): Promise<Emulator> {
  return await startEmulator(({ headers, body }) => {
    const operation = String(headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    const isKnown = operation === 'DescribeAlarms';
    const answer = isKnown
      ? describeAlarms(watch, isComposite, body)
      : { __type: 'UnknownOperationException', message: `${operation} is not emulated` };
    return {
      status: isKnown ? 200 : 400,
      contentType: 'application/x-amz-json-1.0',
      body: JSON.stringify(answer),
    };
  });
}

interface DescribeAlarms {
  readonly AlarmNames?: readonly string[];
  readonly AlarmTypes?: readonly ('CompositeAlarm' | 'MetricAlarm')[];
}

/** Without types, CloudWatch tells of metric alarms only. */
function describeAlarms(watch: AlarmWatch, isComposite: (name: string) => boolean, body: string) {
  const { AlarmNames = [], AlarmTypes = ['MetricAlarm'] } = JSON.parse(body) as DescribeAlarms;
  const described = AlarmNames.flatMap((name) => {
    const state = watch.stateOf(name);
    return state === undefined
      ? []
      : [
          {
            AlarmName: name,
            AlarmArn: arnOf('cloudwatch', `alarm:${name}`),
            StateValue: state.value,
            StateReason: state.reason,
            ...(state.causes.length > 0 && { StateReasonData: reasonData(state, watch) }),
            StateUpdatedTimestamp: state.sinceMs / 1000,
            StateTransitionedTimestamp: state.sinceMs / 1000,
          },
        ];
  });
  const ofType = (type: 'CompositeAlarm' | 'MetricAlarm') =>
    described.filter(
      ({ AlarmName }) => AlarmTypes.includes(type) && isComposite(AlarmName) === (type === 'CompositeAlarm'),
    );
  return { MetricAlarms: ofType('MetricAlarm'), CompositeAlarms: ofType('CompositeAlarm') };
}
