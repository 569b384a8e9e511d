import { type Duration, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { LogSourceSettings } from '../../lib/ingestion/log-sources.ts';
import { OBJECT_PARTITION_PREFIX } from '../../lib/store/table-schema.ts';
import type { Environment } from '../environment.ts';
import { wildcardFinding } from '../wildcard-finding.ts';
import { decryptObjects } from './decrypt-objects.ts';
import type { IngestQueues } from './ingest-queues.ts';
import { ServiceFunction } from './service-function.ts';
import type { WorkQueues } from './work-queues.ts';

export interface LogReaderProps {
  readonly environment: Environment;
  readonly timeout: Duration;
  readonly table: Table;
  readonly bucket: Bucket;
  readonly queues: WorkQueues;
  readonly ingest: IngestQueues;
  readonly key: IKey | undefined;
}

/** The function that reads log files from S3. */
export class LogReader extends ServiceFunction {
  constructor(scope: Construct, id: string, props: LogReaderProps) {
    const { environment, timeout, table, queues, ingest, key } = props;
    super(scope, id, {
      environment,
      name: 'read-log-file',
      description: 'Reads log files from S3 and sends their connections to the work queue',
      memoryMegabytes: environment.memoryMegabytes,
      timeout,
      variables: {
        TABLE_NAME: table.tableName,
        WORK_QUEUE_URL: queues.work.queueUrl,
        REJECTED_QUEUE_URL: queues.rejected.queueUrl,
        INGEST_QUEUE_URL: ingest.notifications.queueUrl,
        INGEST_DEAD_LETTER_QUEUE_URL: ingest.deadLetter.queueUrl,
        LOG_SOURCES: Stack.of(scope).toJsonString(sourcesOf(props)),
        HOME_NETWORKS: environment.homeNetworks.join(','),
        RETENTION_DAYS: String(environment.assessmentRetentionDays),
      },
      key,
      keyUse: { actions: 'both', services: ['dynamodb', 'sqs', 's3'] },
    });
    this.readQueue(
      'Notifications',
      ingest.notifications,
      {
        // One file at a time: a large one takes all the available time.
        batchSize: 1,
        reportBatchItemFailures: true,
        maxConcurrency: environment.logFiles.maximumConcurrency,
      },
      // It also sends to its own queue, to continue an object, and shortens the wait of failed messages.
      ['sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
    );
    this.allow(
      [queues.work, queues.rejected, ingest.deadLetter].map(({ queueArn }) => queueArn),
      ['sqs:SendMessage'],
    );
    this.allow([table.tableArn], ['dynamodb:GetItem', 'dynamodb:UpdateItem'], [OBJECT_PARTITION_PREFIX]);
    this.#allowObjects(props);
  }

  /** Only objects with the configured prefixes. */
  #allowObjects({ bucket, environment }: LogReaderProps): void {
    const stack = Stack.of(this);
    const { existing } = environment.logFiles;
    const objects = [
      bucket.arnForObjects('*'),
      ...existing.map((source) => `arn:${stack.partition}:s3:::${source.bucket}/${source.prefix}*`),
    ];
    const versioned = ['s3:GetObject', 's3:GetObjectVersion'];
    this.allow(objects, versioned);
    for (const arn of objects) {
      Validations.of(this).acknowledge({
        id: wildcardFinding(stack, arn),
        reason: 'Log files come under any name below the prefixes that the environment names.',
      });
    }
    const keyArns = existing.map(({ keyArn }) => keyArn);
    for (const statement of decryptObjects(stack, 'DecryptLogFiles', keyArns))
      this.handler.addToRolePolicy(statement);
  }
}

function sourcesOf({ bucket, environment }: LogReaderProps): LogSourceSettings[] {
  const { formats, existing } = environment.logFiles;
  const own: LogSourceSettings[] = [{ prefix: '' }, ...formats].map((source) => ({
    bucket: bucket.bucketName,
    ...source,
  }));
  return [...own, ...existing.map(({ keyArn: _, ...source }): LogSourceSettings => source)];
}
