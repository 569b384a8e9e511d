import { paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import { counted } from '../../../../statistics/count-text.ts';
import type { Finding } from '../../../results/doctor.ts';
import { describeAlarms } from '../alarms.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';

const SNS_ARN = /^arn:aws[a-z-]*:sns:/;

export const alarmTargetsCheck: Check = {
  name: 'alarm targets',
  parts: ['alarmTopic', 'rollbackAlarm'],
  actions: ['sns:ListSubscriptionsByTopic', 'cloudwatch:DescribeAlarms'],
  run: async ({ clients, nameOf, subject: { deployedWith } }) => {
    const topic = nameOf('alarmTopic');
    const alarms = await describeAlarms(clients.cloudWatch, nameOf('rollbackAlarm'));
    const actions = new Set(alarms.flatMap(({ onAlarm }) => onAlarm));
    const subscriptions: Subscription[] = [];
    for await (const page of paginateListSubscriptionsByTopic({ client: clients.sns }, { TopicArn: topic })) {
      subscriptions.push(...(page.Subscriptions ?? []));
    }
    return judgeAlarmTargets({
      topic,
      subscriptions,
      otherTopics: [...actions].filter((action) => action !== topic && SNS_ARN.test(action)),
      isDataRetained: deployedWith?.isDataRetained === true,
    });
  },
};

export interface AlarmTargets {
  /** ARN of the deployment's own topic. */
  readonly topic: string;
  readonly subscriptions: readonly Subscription[];
  /** ARNs of other topics that alarms notify; their subscriptions are not checked. */
  readonly otherTopics: readonly string[];
  readonly isDataRetained: boolean;
}

/** Checks whether anyone is notified of alarms. */
export function judgeAlarmTargets({
  topic,
  subscriptions,
  otherTopics,
  isDataRetained,
}: AlarmTargets): Finding {
  const pending = subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation');
  if (pending.length > 0) {
    const [first] = pending;
    return fail(
      `${pending.map(({ Endpoint }) => Endpoint).join(', ')}: not confirmed, so nothing is sent there`,
      'follow the link in the mail "AWS Notification - Subscription Confirmation"; to have it sent again: ' +
        `aws sns subscribe --topic-arn ${topic} --protocol ${first?.Protocol} --notification-endpoint ${first?.Endpoint}`,
    );
  }
  const confirmed = subscriptions.filter(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:'));
  if (confirmed.length + otherTopics.length === 0) {
    const judge = isDataRetained ? fail : warn;
    return judge(
      'none: nobody is notified of an alarm',
      'set alarmTargets of the environment and deploy again',
    );
  }
  const others = otherTopics.length === 0 ? '' : `, and ${counted(otherTopics.length, 'further topic')}`;
  return pass(`${counted(confirmed.length, 'confirmed subscription')}${others}`);
}
