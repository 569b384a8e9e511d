import { type Duration, Fn, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  EventSourceMapping,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { LogSourceSettings } from '../../lib/ingestion/log-sources.ts';
import { OBJECT_PARTITION_PREFIX } from '../../lib/store/table-schema.ts';
import { METRICS_NAMESPACE, metricsServiceName } from '../../lib/telemetry/metric-names.ts';
import { handlerCode } from '../bundling/handler-code.ts';
import type { Environment } from '../select-environment.ts';
import { wildcardFinding } from '../wildcard-finding.ts';
import { useOfKey } from './data-key.ts';
import { acknowledgeTracing, functionOptions } from './function-options.ts';
import { checkedVariables } from './function-variables.ts';
import type { IngestQueues } from './ingest-queues.ts';
import { leadingKeys } from './leading-keys.ts';
import { removalPolicyOf } from './removal-policy.ts';
import type { WorkQueues } from './work-queues.ts';

export interface LogReaderProps {
  readonly environment: Environment;
  readonly timeout: Duration;
  readonly table: Table;
  readonly bucket: Bucket;
  readonly queues: WorkQueues;
  readonly ingest: IngestQueues;
  readonly key: Key | undefined;
}

/** The function that reads log files from S3. */
export class LogReader extends Construct {
  readonly handler: LambdaFunction;
  readonly eventSource: EventSourceMapping;

  constructor(scope: Construct, id: string, props: LogReaderProps) {
    super(scope, id);
    const { environment, timeout, table, queues, ingest, key } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: environment.logRetentionDays,
      removalPolicy: removalPolicyOf(environment),
      ...(key && { encryptionKey: key }),
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.handler = new LambdaFunction(this, 'Function', {
      description: 'Reads log files from S3 and sends their connections to the work queue',
      code: handlerCode('read-log-file', true),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: environment.memoryMegabytes,
      timeout,
      role,
      logGroup,
      ...functionOptions(environment),
      environment: checkedVariables(environment, 'read-log-file', {
        TABLE_NAME: table.tableName,
        WORK_QUEUE_URL: queues.work.queueUrl,
        REJECTED_QUEUE_URL: queues.rejected.queueUrl,
        INGEST_QUEUE_URL: ingest.notifications.queueUrl,
        INGEST_DEAD_LETTER_QUEUE_URL: ingest.deadLetter.queueUrl,
        LOG_SOURCES: this.#sources(props),
        HOME_NETWORKS: environment.homeNetworks.join(','),
        RETENTION_DAYS: String(environment.assessmentRetentionDays),
        POWERTOOLS_SERVICE_NAME: metricsServiceName(environment.name),
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: environment.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
      }),
    });
    for (const statement of useOfKey(this, key, 'both', ['dynamodb', 'sqs', 's3']))
      role.addToPolicy(statement);
    if (environment.tracing) acknowledgeTracing(this);
    this.eventSource = this.#readNotifications(props);
    this.#allow(
      [queues.work, queues.rejected, ingest.deadLetter].map(({ queueArn }) => queueArn),
      ['sqs:SendMessage'],
    );
    Grant.addToPrincipal({
      grantee: this.handler,
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      resourceArns: [table.tableArn],
      conditions: leadingKeys(OBJECT_PARTITION_PREFIX),
    });
    this.#allowObjects(props);
    logGroup.grantWrite(role);
  }

  /** One file at a time: a large one takes all the time that there is. */
  #readNotifications({ ingest, environment }: LogReaderProps): EventSourceMapping {
    const mapping = new EventSourceMapping(this, 'Notifications', {
      target: this.handler,
      eventSourceArn: ingest.notifications.queueArn,
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency: environment.logFiles.maximumConcurrency,
    });
    // Its own queue it also sends to: what is read on, and what comes again earlier than the queue would have it.
    this.#allow(
      [ingest.notifications.queueArn],
      [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ChangeMessageVisibility',
        'sqs:SendMessage',
      ],
    ).applyBefore(mapping);
    return mapping;
  }

  #sources({ bucket, environment }: LogReaderProps): string {
    const { formats, existing } = environment.logFiles;
    const own: LogSourceSettings[] = [{ prefix: '' }, ...formats].map((source) => ({
      bucket: bucket.bucketName,
      ...source,
    }));
    const others = existing.map(({ keyArn: _, ...source }): LogSourceSettings => source);
    return Stack.of(this).toJsonString([...own, ...others]);
  }

  /** What lies below the prefixes that are read, and nothing else. */
  #allowObjects({ bucket, environment }: LogReaderProps): void {
    const stack = Stack.of(this);
    const { existing } = environment.logFiles;
    const objects = [
      bucket.arnForObjects('*'),
      ...existing.map((source) => `arn:${stack.partition}:s3:::${source.bucket}/${source.prefix}*`),
    ];
    const versioned = ['s3:GetObject', 's3:GetObjectVersion'];
    this.#allow(objects, versioned);
    for (const arn of objects) {
      Validations.of(this).acknowledge({
        id: wildcardFinding(stack, arn),
        reason: 'Log files come under any name below the prefixes that the environment names.',
      });
    }
    const keys = [...new Set(existing.flatMap(({ keyArn }) => keyArn ?? []))];
    if (keys.length === 0) return;
    this.handler.addToRolePolicy(
      new PolicyStatement({
        sid: 'DecryptLogFiles',
        actions: ['kms:Decrypt'],
        resources: keys,
        conditions: {
          StringEquals: { 'kms:ViaService': Fn.join('.', ['s3', stack.region, 'amazonaws.com']) },
        },
      }),
    );
  }

  #allow(resourceArns: string[], actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee: this.handler, actions, resourceArns });
  }
}
