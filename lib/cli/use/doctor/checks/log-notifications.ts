import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { counted } from '../../../../statistics/count-text.ts';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass } from '../findings.ts';

export const logNotificationsCheck: Check = {
  name: 'log notifications',
  parts: ['logBucket', 'ingestQueueUrl'],
  actions: ['s3:GetBucketNotification'],
  isDeployedOnly: true,
  run: async ({ clients, nameOf, subject: { deployedWith } }) => {
    const configurationOf = async (Bucket: string) =>
      await clients.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    const own = nameOf('logBucket');
    const existing: (readonly [string, NotificationConfiguration])[] = [];
    for (const bucket of deployedWith?.existingLogBuckets ?? [])
      existing.push([bucket, await configurationOf(bucket)]);
    const queue = nameOf('ingestQueueUrl').split('/').at(-1) ?? '';
    return judgeLogNotifications({ queue, own: [own, await configurationOf(own)], existing });
  },
};

export interface LogNotifications {
  /** Name of the notification queue. */
  readonly queue: string;
  readonly own: readonly [bucket: string, configuration: NotificationConfiguration];
  /** Buckets outside this deployment that are read. */
  readonly existing: readonly (readonly [bucket: string, configuration: NotificationConfiguration])[];
}

/**
 * Checks that new log files lead to notifications: from the deployment's bucket to the queue, from others through
 * EventBridge or a topic.
 */
export function judgeLogNotifications({ queue, own, existing }: LogNotifications): Finding {
  const [bucket, { QueueConfigurations = [] }] = own;
  const isNotified = QueueConfigurations.some(
    ({ QueueArn, Events = [] }) => QueueArn?.endsWith(`:${queue}`) && Events.some(isOfNewObjects),
  );
  if (!isNotified) {
    return fail(
      `${bucket} does not notify the ingest queue of new files: they are not read`,
      'somebody changed its notifications: put s3:ObjectCreated:* to that queue back, then send again what came meanwhile (`threat-consensus put`)',
    );
  }
  const silent = existing.filter(
    ([, { EventBridgeConfiguration, TopicConfigurations = [] }]) =>
      EventBridgeConfiguration === undefined &&
      !TopicConfigurations.some(({ Events = [] }) => Events.some(isOfNewObjects)),
  );
  if (silent.length > 0) {
    return fail(
      `${silent.map(([name]) => name).join(', ')}: new files are not reported, neither to EventBridge nor to a topic`,
      'switch EventBridge on in the properties of the bucket, or list a topic in logFiles.topics',
    );
  }
  return pass(
    `${counted(1 + existing.length, 'bucket')} ${existing.length === 0 ? 'reports' : 'report'} new files`,
  );
}

function isOfNewObjects(event: string): boolean {
  return event.startsWith('s3:ObjectCreated:');
}
