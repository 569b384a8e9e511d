import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IEventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import {
  ALLOWLIST_PARTITION,
  ANNOUNCED_PARTITION_PREFIX,
  FINDING_PARTITION_PREFIX,
  OUTBOX_PARTITION_PREFIX,
  TIME_INDEX,
} from '../../lib/store/table-schema.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Environment } from '../environment.ts';

export interface AnnouncingFunctionProps {
  readonly environment: Environment;
  readonly timeout: Duration;
  readonly table: Table;
  /** Invokes it. */
  readonly queue: Queue;
  readonly bus: IEventBus;
  readonly key: IKey | undefined;
}

/** Ten invocations that made decisions at about the same time invoke it once. */
const BATCH_SIZE = 10;
const BATCHING_WINDOW = Duration.seconds(1);
/** SQS allows no fewer. Two concurrent executions may send an announcement twice, with the same uid. */
const CONCURRENCY = 2;
/** Older messages are obsolete: everything is sent by then. */
const WAKE_EVERY = Duration.minutes(1);

/** The function that sends the outbox: invoked by messages of the scoring function, and by a message each minute. */
export class AnnouncingFunction extends ServiceFunction {
  constructor(
    scope: Construct,
    id: string,
    { environment, timeout, table, queue, bus, key }: AnnouncingFunctionProps,
  ) {
    super(scope, id, {
      environment,
      name: 'announce-findings',
      description: 'Puts announcements on the event bus',
      // It waits for two services; half a virtual CPU starts it in a second.
      memoryMegabytes: 512,
      timeout,
      variables: {
        TABLE_NAME: table.tableName,
        EVENT_BUS: bus.eventBusName,
        ENVIRONMENT_NAME: environment.name,
        ANNOUNCEMENTS: JSON.stringify(environment.announcements),
      },
      key,
      keyUse: { actions: 'both' },
    });
    this.readQueue('Queue', queue, {
      batchSize: BATCH_SIZE,
      maxBatchingWindow: BATCHING_WINDOW,
      maxConcurrency: CONCURRENCY,
    });
    this.#allowTable(table);
    this.allow([bus.eventBusArn], ['events:PutEvents']);
    // CDK's own target would change the policy of the queue's key in another stack. The queue's policy already lets
    // rules of the account send.
    new Rule(this, 'EachMinute', {
      description: 'Sends announcements whose trigger was lost',
      schedule: Schedule.rate(WAKE_EVERY),
      targets: [{ bind: () => ({ arn: queue.queueArn, targetResource: queue }) }],
    });
  }

  /**
   * It reads findings, the allowlist and decisions, and removes what was sent from the outbox; it has no access to
   * verdicts.
   */
  #allowTable({ tableArn }: Table): void {
    const index = `${tableArn}/index/${TIME_INDEX.name}`;
    const inTime = [OUTBOX_PARTITION_PREFIX, FINDING_PARTITION_PREFIX];
    this.allow([index], ['dynamodb:Query'], inTime);
    this.allow([tableArn], ['dynamodb:BatchGetItem'], [ANNOUNCED_PARTITION_PREFIX, FINDING_PARTITION_PREFIX]);
    this.allow([tableArn], ['dynamodb:PutItem'], [ANNOUNCED_PARTITION_PREFIX]);
    this.allow([tableArn], ['dynamodb:GetItem'], [ALLOWLIST_PARTITION]);
  }
}
