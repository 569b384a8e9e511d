import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { queueDefaults, VISIBILITY_TIMEOUTS } from './queue-defaults.ts';

export interface IngestQueuesProps {
  readonly environment: Environment;
  /** Time limit of the function that reads the queue. */
  readonly functionTimeout: Duration;
  readonly key: IKey | undefined;
}

/**
 * Deliveries of a notification before SQS gives it up. If one fails through no fault of its own, the function delays it
 * by one minute, then two, and so on up to fifteen: these deliveries outlast an outage of four hours. The function
 * itself gives up a file that can't be read, at once.
 */
const MAX_RECEIVE_COUNT = 20;

/** The queue of notifications about new log files, and its dead-letter queue. */
export class IngestQueues extends Construct {
  readonly notifications: Queue;
  readonly deadLetter: Queue;

  constructor(scope: Construct, id: string, { environment, functionTimeout, key }: IngestQueuesProps) {
    super(scope, id);
    const common = queueDefaults(environment, key);
    this.deadLetter = new Queue(this, 'DeadLetter', { ...common, retentionPeriod: Duration.days(14) });
    this.notifications = new Queue(this, 'Notifications', {
      ...common,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * functionTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetter, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    // Naming the bucket would make queue and bucket depend on each other: S3 checks the permission when the bucket is
    // created.
    this.notifications.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NewLogFiles',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.notifications.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': `arn:${Stack.of(this).partition}:s3:::*` },
        },
      }),
    );
    const { existing, topics } = environment.logFiles;
    for (const [index, arn] of topics.entries()) {
      Topic.fromTopicArn(this, `Topic${index + 1}`, arn).addSubscription(
        new SqsSubscription(this.notifications),
      );
    }
    if (existing.length > 0) this.#takeFromBus(existing);
  }

  /** Buckets that report to EventBridge report to the whole account. */
  #takeFromBus(existing: Environment['logFiles']['existing']): void {
    const buckets = Map.groupBy(existing, ({ bucket }) => bucket);
    for (const [index, [bucket, sources]] of [...buckets].entries()) {
      const prefixes = sources.map(({ prefix }) => ({ prefix }));
      const isWhole = sources.some(({ prefix }) => prefix === '');
      new Rule(this, `Bucket${index + 1}`, {
        description: `New log files in ${bucket}`,
        eventPattern: {
          source: ['aws.s3'],
          detailType: ['Object Created'],
          detail: { bucket: { name: [bucket] }, ...(!isWhole && { object: { key: prefixes } }) },
        },
        targets: [new SqsQueue(this.notifications)],
      });
    }
  }
}
