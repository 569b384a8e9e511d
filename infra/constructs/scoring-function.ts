import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  EventSourceMapping,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { keysPath } from '../../lib/intelligence/keys/keys-path.ts';
import {
  ADDRESS_PARTITION_PREFIX,
  ALLOWLIST_PARTITION,
  ANNOUNCED_PARTITION_PREFIX,
  ATTEMPT_PARTITION_PREFIX,
  FINDING_PARTITION_PREFIX,
  INTEL_PARTITION_PREFIX,
  LIST_PARTITION_PREFIX,
  QUOTA_PARTITION_PREFIX,
  UNIT_PARTITION_PREFIX,
} from '../../lib/store/table-schema.ts';
import { BATCHING_WINDOW_SECONDS } from '../../lib/telemetry/freshness.ts';
import { METRICS_NAMESPACE, metricsServiceName } from '../../lib/telemetry/metric-names.ts';
import { handlerCode } from '../bundling/handler-code.ts';
import type { Environment } from '../select-environment.ts';
import { useOfKey } from './data-key.ts';
import { acknowledgeTracing, functionOptions } from './function-options.ts';
import { checkedVariables } from './function-variables.ts';
import { type LeadingKeys, leadingKeys } from './leading-keys.ts';
import { keyParameterArns } from './provider-keys.ts';
import { removalPolicyOf } from './removal-policy.ts';
import type { SettingsParameters } from './settings-parameters.ts';
import type { WorkQueues } from './work-queues.ts';

export interface ScoringFunctionProps {
  readonly environment: Environment;
  readonly timeout: Duration;
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly settings: SettingsParameters;
  readonly key: Key | undefined;
}

/**
 * Messages that one execution gets, and how long the first waits for others. Messages of one record share items and a
 * summary with those that come in the same invocation: the more, the cheaper. Packed messages end a batch by their size:
 * 31 are 6 MB. The window is what all of them wait when little comes. docs/decisions/batches.md has what other choices cost,
 * measured.
 */
const BATCH_SIZE = 2_000;
const BATCHING_WINDOW = Duration.seconds(BATCHING_WINDOW_SECONDS);

/**
 * What the function does with the table: operations, and the partitions that each is for. Its role allows these and
 * alarms watch them. Assessments are written in batches; what executions share about look-ups is written item by item.
 */
export const TABLE_OPERATIONS = {
  BatchWriteItem: [ADDRESS_PARTITION_PREFIX, UNIT_PARTITION_PREFIX],
  BatchGetItem: [
    INTEL_PARTITION_PREFIX,
    LIST_PARTITION_PREFIX,
    ATTEMPT_PARTITION_PREFIX,
    FINDING_PARTITION_PREFIX,
    ANNOUNCED_PARTITION_PREFIX,
  ],
  GetItem: [ALLOWLIST_PARTITION, QUOTA_PARTITION_PREFIX, LIST_PARTITION_PREFIX],
  PutItem: [QUOTA_PARTITION_PREFIX, FINDING_PARTITION_PREFIX, ANNOUNCED_PARTITION_PREFIX],
  Query: [UNIT_PARTITION_PREFIX],
  UpdateItem: [INTEL_PARTITION_PREFIX, ATTEMPT_PARTITION_PREFIX],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The function that scores, and its reading of the work queue. */
export class ScoringFunction extends Construct {
  readonly handler: LambdaFunction;
  readonly eventSource: EventSourceMapping;
  readonly logGroup: LogGroup;

  constructor(
    scope: Construct,
    id: string,
    { environment, timeout, table, queues, settings, key }: ScoringFunctionProps,
  ) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: environment.logRetentionDays,
      removalPolicy: removalPolicyOf(environment),
      ...(key && { encryptionKey: key }),
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.handler = new LambdaFunction(this, 'Function', {
      description: 'Scores connection records by the consensus of three scorers',
      code: handlerCode('score-connections'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: environment.memoryMegabytes,
      timeout,
      role,
      logGroup: this.logGroup,
      ...functionOptions(environment),
      environment: checkedVariables(environment, 'score-connections', {
        TABLE_NAME: table.tableName,
        REJECTED_QUEUE_URL: queues.rejected.queueUrl,
        DEAD_LETTER_QUEUE_URL: queues.deadLetter.queueUrl,
        ANNOUNCEMENTS_QUEUE_URL: queues.announcements.queueUrl,
        ANNOUNCEMENTS: JSON.stringify(environment.announcements),
        SETTINGS_PARAMETER: settings.names.settings,
        INITIAL_SETTINGS_PARAMETER: settings.names.initial,
        PROVIDER_KEYS_PATH: keysPath(environment.name),
        HOME_NETWORKS: environment.homeNetworks.join(','),
        RETENTION_DAYS: String(environment.assessmentRetentionDays),
        POWERTOOLS_SERVICE_NAME: metricsServiceName(environment.name),
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: environment.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
      }),
    });
    for (const statement of useOfKey(this, key, 'both')) role.addToPolicy(statement);
    if (environment.tracing) acknowledgeTracing(this);
    this.eventSource = this.#readWork(queues, environment);
    const { rejected, deadLetter, announcements } = queues;
    const ends = [rejected, deadLetter, announcements].map(({ queueArn }) => queueArn);
    this.#allow(ends, ['sqs:SendMessage']);
    this.#allow([settings.arns.settings, settings.arns.initial], ['ssm:GetParameters']);
    this.#allow(keyParameterArns(this, environment.name), ['ssm:GetParameters']);
    this.#allowTable(table.tableArn);
    this.logGroup.grantWrite(role);
  }

  #readWork({ work }: WorkQueues, { maximumConcurrency }: Environment): EventSourceMapping {
    const mapping = new EventSourceMapping(this, 'WorkQueue', {
      target: this.handler,
      eventSourceArn: work.queueArn,
      batchSize: BATCH_SIZE,
      maxBatchingWindow: BATCHING_WINDOW,
      reportBatchItemFailures: true,
      maxConcurrency: maximumConcurrency,
    });
    // Lambda tries to read the queue when the mapping is made.
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    this.#allow([work.queueArn], actions).applyBefore(mapping);
    return mapping;
  }

  /** Each operation reaches only the kinds of items that it is for: labels and lists are other people's. */
  #allowTable(tableArn: string): void {
    for (const [operation, prefixes] of Object.entries(TABLE_OPERATIONS)) {
      this.#allow([tableArn], [`dynamodb:${operation}`], leadingKeys(...prefixes));
    }
  }

  #allow(resourceArns: string[], actions: string[], conditions?: LeadingKeys): Grant {
    return Grant.addToPrincipal({
      grantee: this.handler,
      actions,
      resourceArns,
      ...(conditions && { conditions }),
    });
  }
}
