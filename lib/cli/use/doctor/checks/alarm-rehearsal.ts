import { type CloudWatchClient, DescribeAlarmHistoryCommand } from '@aws-sdk/client-cloudwatch';
import type { Finding } from '../../../results/doctor.ts';
import { type DescribedAlarm, describeAlarms } from '../alarms.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';
import { waitFor } from '../wait-for.ts';
import { withAlarmOn } from '../with-alarm-on.ts';

/** Sets an alarm off that does not roll back, and checks in its history that its topic was notified. */
export const alarmRehearsal: Check = {
  name: 'alarm rehearsal',
  parts: ['rollbackAlarm', 'alarmTopic'],
  actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:SetAlarmState', 'cloudwatch:DescribeAlarmHistory'],
  request: { option: '--rehearse-alarm', isMade: ({ rehearsesAlarm }) => rehearsesAlarm },
  run: async ({ clients: { cloudWatch }, nameOf, timeoutSeconds: seconds, progress }) => {
    const topic = nameOf('alarmTopic');
    const alarm = harmlessAlarm(await describeAlarms(cloudWatch, nameOf('rollbackAlarm')), topic);
    if (alarm === undefined) {
      return warn(
        'no alarm qualifies: it must be OK, have an action, and play no part in the rollback',
        'see the alarms above',
      );
    }
    const { name } = alarm;
    const before = await latestAction(cloudWatch, name, topic);
    return await withAlarmOn(cloudWatch, alarm, async () => {
      const action = await waitFor(() => newAction(cloudWatch, { name, topic, before }), {
        seconds,
        label: 'waiting for the alarm',
        progress,
      });
      return judgeAction(name, topic, action?.summary, seconds);
    });
  },
};

/** The first alarm that notifies someone and has no other effect. */
export function harmlessAlarm(alarms: readonly DescribedAlarm[], topic: string): DescribedAlarm | undefined {
  const parts = new Set(alarms.flatMap(({ rule }) => rule?.alarms ?? []));
  return alarms.find(
    ({ name, state, rule, onAlarm, areActionsEnabled }) =>
      rule === undefined &&
      state === 'OK' &&
      areActionsEnabled &&
      onAlarm.includes(topic) &&
      !parts.has(name),
  );
}

/** An action in an alarm's history. */
interface Action {
  readonly atMs: number;
  readonly summary: string;
}

/** More than one change of an alarm leads to. */
const LATEST_ACTIONS = 10;

async function latestAction(
  client: CloudWatchClient,
  AlarmName: string,
  topic: string,
): Promise<Action | undefined> {
  const { AlarmHistoryItems = [] } = await client.send(
    new DescribeAlarmHistoryCommand({
      AlarmName,
      HistoryItemType: 'Action',
      ScanBy: 'TimestampDescending',
      MaxRecords: LATEST_ACTIONS,
    }),
  );
  const latest = AlarmHistoryItems.find(({ HistorySummary }) => HistorySummary?.includes(topic));
  return latest && { atMs: latest.Timestamp?.getTime() ?? 0, summary: latest.HistorySummary ?? '' };
}

/** Compares times of AWS's clock only, since this machine's may differ. */
async function newAction(
  client: CloudWatchClient,
  {
    name,
    topic,
    before,
  }: { readonly name: string; readonly topic: string; readonly before: Action | undefined },
): Promise<Action | undefined> {
  const latest = await latestAction(client, name, topic);
  return latest !== undefined && latest.atMs > (before?.atMs ?? 0) ? latest : undefined;
}

/** @param summary as in `Successfully executed action <ARN>`; undefined if no action was taken in time */
export function judgeAction(
  alarm: string,
  topic: string,
  summary: string | undefined,
  seconds: number,
): Finding {
  if (summary === undefined) {
    return fail(
      `${alarm} was set off, but did nothing within ${seconds} s`,
      'enable its actions; deploy again',
    );
  }
  if (!summary.startsWith('Successfully executed')) {
    return fail(
      `${alarm} was set off: ${summary}`,
      "compare the policies of topic and key with the template's (npx cdk diff); deploy again",
    );
  }
  return {
    ...pass(`${alarm} was set off, and ${topic.split(':').at(-1)} was notified`),
    todo: 'check that the subscribers received it, and the all-clear after it',
  };
}
