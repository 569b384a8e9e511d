import { arnOf } from '../account.ts';
import type { AlarmState } from '../alarms/alarm-state.ts';
import type { AlarmChange, StateAt } from '../alarms/alarm-watch.ts';
import type { Statistic } from '../alarms/metric-store.ts';
import { reasonData } from '../alarms/state-change-event.ts';
import type { Monitoring } from '../monitoring.ts';

/** State that the operations read and change. */
export type CloudWatchState = Pick<Monitoring, 'watch' | 'actions' | 'metrics' | 'setAlarmState'>;

export interface Answer {
  readonly status: number;
  readonly content: object;
}

type AlarmType = 'CompositeAlarm' | 'MetricAlarm';
type Alarm = AlarmChange['alarm'];

/** The emulated operations by name; each gets a request as the client sends it. */
export const operations: Readonly<Record<string, (state: CloudWatchState, request: never) => Answer>> = {
  DescribeAlarms: describeAlarms,
  SetAlarmState: setAlarmState,
  DescribeAlarmHistory: describeAlarmHistory,
  GetMetricData: getMetricData,
};

interface DescribeAlarms {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly AlarmType[];
}

/** Without types, CloudWatch returns metric alarms only. */
function describeAlarms(
  { watch }: CloudWatchState,
  { AlarmNames, AlarmNamePrefix = '', AlarmTypes = ['MetricAlarm'] }: DescribeAlarms,
): Answer {
  const wanted = watch.alarms.filter(({ name }) =>
    AlarmNames === undefined ? name.startsWith(AlarmNamePrefix) : AlarmNames.includes(name),
  );
  const ofType = (type: AlarmType) =>
    wanted
      .filter((alarm) => AlarmTypes.includes(type) && typeOf(alarm) === type)
      .map((alarm) => description(alarm, watch));
  return ok({ MetricAlarms: ofType('MetricAlarm'), CompositeAlarms: ofType('CompositeAlarm') });
}

function typeOf(alarm: Alarm): AlarmType {
  return 'rule' in alarm ? 'CompositeAlarm' : 'MetricAlarm';
}

function description(alarm: Alarm, watch: CloudWatchState['watch']): object {
  const state = watch.stateOf(alarm.name) as StateAt;
  return {
    AlarmName: alarm.name,
    AlarmArn: arnOf('cloudwatch', `alarm:${alarm.name}`),
    ActionsEnabled: true,
    AlarmActions: alarm.onAlarm,
    OKActions: alarm.onOk,
    ...('rule' in alarm && { AlarmRule: alarm.rule.text }),
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.causes.length > 0 && { StateReasonData: reasonData(state, watch) }),
    StateUpdatedTimestamp: state.sinceMs / 1000,
    StateTransitionedTimestamp: state.sinceMs / 1000,
  };
}

interface SetAlarmState {
  readonly AlarmName: string;
  readonly StateValue: AlarmState;
  readonly StateReason: string;
}

/** A composite alarm's state follows from the others', and can't be set. */
function setAlarmState(
  state: CloudWatchState,
  { AlarmName, StateValue, StateReason }: SetAlarmState,
): Answer {
  if (state.setAlarmState(AlarmName, StateValue, StateReason)) return ok({});
  return { status: 404, content: { __type: 'ResourceNotFound', message: `there is no alarm ${AlarmName}` } };
}

interface DescribeAlarmHistory {
  readonly AlarmName: string;
  readonly HistoryItemType?: string;
}

/** Of CloudWatch's history only the actions, latest first. Topics in this process always accept them. */
function describeAlarmHistory(
  { actions }: CloudWatchState,
  { AlarmName, HistoryItemType = 'Action' }: DescribeAlarmHistory,
): Answer {
  const own = actions.filter(({ alarm }) => HistoryItemType === 'Action' && alarm === AlarmName).reverse();
  const AlarmHistoryItems = own.map(({ topic, atMs }) => ({
    AlarmName,
    HistoryItemType,
    Timestamp: atMs / 1000,
    HistorySummary: `Successfully executed action ${topic}`,
    HistoryData: JSON.stringify({ actionState: 'Succeeded', notificationResource: topic }),
  }));
  return ok({ AlarmHistoryItems });
}

interface GetMetricData {
  readonly MetricDataQueries: readonly {
    readonly Id: string;
    readonly MetricStat: {
      readonly Metric: {
        readonly Namespace: string;
        readonly MetricName: string;
        readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
      };
      readonly Period: number;
      readonly Stat: Statistic;
    };
  }[];
  /** Epoch seconds. */
  readonly StartTime: number;
  readonly EndTime: number;
}

/** Like CloudWatch, leaves out periods without a value. */
function getMetricData(
  { metrics }: CloudWatchState,
  { MetricDataQueries, StartTime, EndTime }: GetMetricData,
): Answer {
  const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }) => {
    const { Namespace: namespace, MetricName: name, Dimensions = [] } = Metric;
    const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
    const points: { readonly at: number; readonly value: number }[] = [];
    for (let at = Math.floor(StartTime / Period) * Period; at < EndTime; at += Period) {
      const value = metrics.statistic({ namespace, name, dimensions, statistic: Stat }, at, Period);
      if (value !== undefined) points.push({ at, value });
    }
    return {
      Id,
      StatusCode: 'Complete',
      Timestamps: points.map(({ at }) => at),
      Values: points.map(({ value }) => value),
    };
  });
  return ok({ MetricDataResults });
}

function ok(content: object): Answer {
  return { status: 200, content };
}
