import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IEventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  EventSourceMapping,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  ALLOWLIST_PARTITION,
  ANNOUNCED_PARTITION_PREFIX,
  FINDING_PARTITION_PREFIX,
  OUTBOX_PARTITION_PREFIX,
  TIME_INDEX,
} from '../../lib/store/table-schema.ts';
import { METRICS_NAMESPACE, metricsServiceName } from '../../lib/telemetry/metric-names.ts';
import { handlerCode } from '../bundling/handler-code.ts';
import { useOfKey } from '../constructs/data-key.ts';
import { acknowledgeTracing, functionOptions } from '../constructs/function-options.ts';
import { checkedVariables } from '../constructs/function-variables.ts';
import { leadingKeys } from '../constructs/leading-keys.ts';
import { removalPolicyOf } from '../constructs/removal-policy.ts';
import type { Environment } from '../select-environment.ts';

export interface AnnouncingFunctionProps {
  readonly environment: Environment;
  readonly timeout: Duration;
  readonly table: Table;
  /** Wakes it. */
  readonly queue: Queue;
  readonly bus: IEventBus;
  readonly key: Key | undefined;
}

/** Ten invocations that decided something at about the same time wake it once. */
const BATCH_SIZE = 10;
const BATCHING_WINDOW = Duration.seconds(1);
/** SQS allows no fewer. Two that run at the same time may send an announcement twice, with the same uids. */
const CONCURRENCY = 2;
/** Whatever a message should have woken it for is sent by then. */
const WAKE_EVERY = Duration.minutes(1);

/** The function that sends what is decided: woken by a message of the function that scores, and by one each minute. */
export class AnnouncingFunction extends Construct {
  readonly handler: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    { environment, timeout, table, queue, bus, key }: AnnouncingFunctionProps,
  ) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: environment.logRetentionDays,
      removalPolicy: removalPolicyOf(environment),
      ...(key && { encryptionKey: key }),
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.handler = new LambdaFunction(this, 'Function', {
      description: 'Puts announcements on the event bus',
      code: handlerCode('announce-findings'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // It waits for two services; half a virtual CPU starts it in a second.
      memorySize: 512,
      timeout,
      role,
      logGroup,
      ...functionOptions(environment),
      environment: checkedVariables(environment, 'announce-findings', {
        TABLE_NAME: table.tableName,
        EVENT_BUS: bus.eventBusName,
        ENVIRONMENT_NAME: environment.name,
        ANNOUNCEMENTS: JSON.stringify(environment.announcements),
        POWERTOOLS_SERVICE_NAME: metricsServiceName(environment.name),
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: environment.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
      }),
    });
    for (const statement of useOfKey(this, key, 'both')) role.addToPolicy(statement);
    if (environment.tracing) acknowledgeTracing(this);
    this.#readQueue(queue);
    this.#allowTable(table);
    this.#allow([bus.eventBusArn], ['events:PutEvents']);
    logGroup.grantWrite(role);
    // Not CDK's own target, which would change the policy of the queue's key in another stack. The queue lets rules of the
    // account send.
    new Rule(this, 'EachMinute', {
      description: 'Has announcements sent that nobody was woken for',
      schedule: Schedule.rate(WAKE_EVERY),
      targets: [{ bind: () => ({ arn: queue.queueArn, targetResource: queue }) }],
    });
  }

  #readQueue(queue: Queue): void {
    const mapping = new EventSourceMapping(this, 'Queue', {
      target: this.handler,
      eventSourceArn: queue.queueArn,
      batchSize: BATCH_SIZE,
      maxBatchingWindow: BATCHING_WINDOW,
      maxConcurrency: CONCURRENCY,
    });
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    this.#allow([queue.queueArn], actions).applyBefore(mapping);
  }

  /** It reads findings, the allowlist and what is decided, and takes what was sent out of the outbox; verdicts are out of its reach. */
  #allowTable({ tableArn }: Table): void {
    const index = `${tableArn}/index/${TIME_INDEX.name}`;
    const inTime = [OUTBOX_PARTITION_PREFIX, FINDING_PARTITION_PREFIX];
    this.#allow([index], ['dynamodb:Query'], inTime);
    this.#allow(
      [tableArn],
      ['dynamodb:BatchGetItem'],
      [ANNOUNCED_PARTITION_PREFIX, FINDING_PARTITION_PREFIX],
    );
    this.#allow([tableArn], ['dynamodb:PutItem'], [ANNOUNCED_PARTITION_PREFIX]);
    this.#allow([tableArn], ['dynamodb:GetItem'], [ALLOWLIST_PARTITION]);
  }

  #allow(resourceArns: string[], actions: string[], prefixes?: readonly string[]): Grant {
    return Grant.addToPrincipal({
      grantee: this.handler,
      actions,
      resourceArns,
      ...(prefixes && { conditions: leadingKeys(...prefixes) }),
    });
  }
}
