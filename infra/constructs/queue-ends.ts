import { Duration, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Queue, QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Environment } from '../environment.ts';
import { queueDefaults } from './queue-defaults.ts';

/**
 * A queue whose messages wait for humans. A message's age counts from when it was first sent, even in a dead-letter
 * queue, so a late arrival needs enough retention left.
 */
export function endProps(environment: Environment, key: IKey | undefined): QueueProps {
  return { ...queueDefaults(environment, key), retentionPeriod: Duration.days(14) };
}

/** Acknowledges that such a queue has no dead-letter queue. */
export function acknowledgeEnd(end: Queue): void {
  Validations.of(end).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'It is itself a final queue: humans read it, and no consumer can fail on it.',
  });
}
