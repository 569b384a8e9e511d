import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
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
import type { Environment } from '../environment.ts';
import { keyParameterArns } from './provider-keys.ts';
import { ServiceFunction } from './service-function.ts';
import type { SettingsParameters } from './settings-parameters.ts';
import type { WorkQueues } from './work-queues.ts';

export interface ScoringFunctionProps {
  readonly environment: Environment;
  readonly timeout: Duration;
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly settings: SettingsParameters;
  readonly key: IKey | undefined;
}

/**
 * Maximum messages per execution, and how long the first waits for others. Messages of one record share items and a
 * summary with others in the same invocation: the more, the cheaper. Packed messages fill a batch by size: 31 are 6 MB.
 * With little traffic every message waits for the full window. docs/decisions/batches.md has measurements of other
 * choices.
 */
const BATCH_SIZE = 2_000;
const BATCHING_WINDOW = Duration.seconds(BATCHING_WINDOW_SECONDS);

/**
 * The function's table operations, and the partitions each applies to. Its role allows these and alarms watch them.
 * Assessments are written in batches; state of look-ups shared by executions is written item by item.
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

/** The function that scores, and its event source mapping. */
export class ScoringFunction extends ServiceFunction {
  readonly eventSource: EventSourceMapping;

  constructor(
    scope: Construct,
    id: string,
    { environment, timeout, table, queues, settings, key }: ScoringFunctionProps,
  ) {
    super(scope, id, {
      environment,
      name: 'score-connections',
      description: 'Scores connection records by the consensus of three scorers',
      memoryMegabytes: environment.memoryMegabytes,
      timeout,
      variables: {
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
      },
      key,
      keyUse: { actions: 'both' },
    });
    this.eventSource = this.readQueue('WorkQueue', queues.work, {
      batchSize: BATCH_SIZE,
      maxBatchingWindow: BATCHING_WINDOW,
      reportBatchItemFailures: true,
      maxConcurrency: environment.maximumConcurrency,
    });
    const { rejected, deadLetter, announcements } = queues;
    const ends = [rejected, deadLetter, announcements].map(({ queueArn }) => queueArn);
    this.allow(ends, ['sqs:SendMessage']);
    this.allow([settings.arns.settings, settings.arns.initial], ['ssm:GetParameters']);
    this.allow(keyParameterArns(this, environment.name), ['ssm:GetParameters']);
    // Each operation is limited to the kinds of items it needs: labels and lists are written by others.
    for (const [operation, prefixes] of Object.entries(TABLE_OPERATIONS)) {
      this.allow([table.tableArn], [`dynamodb:${operation}`], prefixes);
    }
  }
}
