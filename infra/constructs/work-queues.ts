import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { queueDefaults, VISIBILITY_TIMEOUTS } from './queue-defaults.ts';
import { acknowledgeEnd, endProps } from './queue-ends.ts';

export interface WorkQueuesProps {
  readonly environment: Environment;
  /** Time limit of the function that reads the work queue. */
  readonly functionTimeout: Duration;
  readonly key: IKey | undefined;
}

/**
 * Deliveries of a message before SQS gives it up. At one every three minutes they outlast a two-hour outage of the
 * table. A message that fails through its own fault is given up earlier: the function counts such failures itself.
 */
const MAX_RECEIVE_COUNT = 50;

/** A message older than this is superseded by later ones. */
const WAKE_RETENTION = Duration.hours(1);

/** The queue that producers push to, and those on which unprocessable messages wait for a human. */
export class WorkQueues extends Construct {
  readonly work: Queue;
  /** Invalid records, verbatim, with the reason. */
  readonly rejected: Queue;
  /** Messages that kept failing. */
  readonly deadLetter: Queue;
  /** Events that the rollback function failed on. It is here because operators work on this stack's outputs. */
  readonly rollbackFailures: Queue;
  /**
   * Invokes the function that sends announcements; its messages are empty, since the table holds what is to be sent.
   */
  readonly announcements: Queue;

  constructor(scope: Construct, id: string, { environment, functionTimeout, key }: WorkQueuesProps) {
    super(scope, id);
    const common = queueDefaults(environment, key);
    const ends = endProps(environment, key);
    this.rejected = new Queue(this, 'Rejected', ends);
    this.rollbackFailures = new Queue(this, 'RollbackFailures', ends);
    for (const end of [this.rejected, this.rollbackFailures]) acknowledgeEnd(end);
    this.#takeEvents(this.rollbackFailures, 'UndeliveredEvents');
    this.deadLetter = new Queue(this, 'DeadLetter', ends);
    this.work = new Queue(this, 'Work', {
      ...common,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * functionTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetter, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    this.announcements = new Queue(this, 'Announcements', {
      ...common,
      retentionPeriod: WAKE_RETENTION,
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * functionTimeout.toSeconds()),
    });
    Validations.of(this.announcements).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason:
        'Losing a message loses nothing: the table holds what is to be sent, and another message comes every minute.',
    });
    this.#takeEvents(this.announcements, 'Schedule');
  }

  /** From any rule of this account: naming the rules would make this stack depend on the one that has them. */
  #takeEvents(queue: Queue, sid: string): void {
    const anyRule = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: '*',
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid,
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': anyRule } },
      }),
    );
  }
}
