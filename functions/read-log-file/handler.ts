import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { oneLine } from '../../lib/assessment/one-line.ts';
import { hideFor } from '../../lib/aws/hide-message.ts';
import { ingestMessage } from '../../lib/ingestion/ingest-message.ts';
import { packerOf } from '../../lib/ingestion/packer-version.ts';
import { reportIngestion } from '../../lib/ingestion/report-ingestion.ts';
import { createLocality } from '../../lib/records/locality.ts';
import { readEnvironment } from './environment.ts';
import { type IngestMessage, readMessage } from './read-event.ts';

const SECONDS_PER_DAY = 86_400;
/** Reserved at the end for notes and for the message after the last window. */
const ENDING_MS = 20_000;
/** Wait after a failure that is not the object's fault, doubled each time up to a limit. */
const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 900;
/** Memory that a log may require at a time: the content of a bucket is not trusted. */
const LIMITS = { textCharacters: 2 ** 24, columnBytes: 2 ** 26 };

const environment = readEnvironment(process.env);
const logger = new Logger();
const metrics = new Metrics();
const sqs = new SQSClient({ maxAttempts: 1 });
const s3 = new S3Client({
  // TLS checks the data in transit; a separate checksum costs as much again as decompression.
  responseChecksumValidation: 'WHEN_REQUIRED',
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
});
const ingestQueue = { client: sqs, queueUrl: environment.INGEST_QUEUE_URL };
const options = {
  s3,
  table: {
    client: DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 })),
    tableName: environment.TABLE_NAME,
  },
  workQueue: { client: sqs, queueUrl: environment.WORK_QUEUE_URL },
  rejectedQueue: { client: sqs, queueUrl: environment.REJECTED_QUEUE_URL },
  ingestQueue,
  deadLetterQueue: { client: sqs, queueUrl: environment.INGEST_DEAD_LETTER_QUEUE_URL },
  sources: environment.LOG_SOURCES,
  isLocal: createLocality(environment.HOME_NETWORKS),
  packer: packerOf(environment.HOME_NETWORKS),
  retentionSeconds: environment.RETENTION_DAYS * SECONDS_PER_DAY,
  limits: LIMITS,
  now: Date.now,
};

async function readLogFiles(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const startedAtMs = Date.now();
  const limitMs = startedAtMs + context.getRemainingTimeInMillis();
  const slice = {
    owner: context.awsRequestId,
    endMs: startedAtMs + environment.SLICE_SECONDS * 1000,
    deadlineMs: limitMs - ENDING_MS,
    leaseUntilMs: limitMs,
  };
  const failed: string[] = [];
  for (const record of event.Records) {
    const message = readMessage(record);
    if (message === undefined || !(await isServed(message, slice))) failed.push(record?.messageId ?? '');
  }
  metrics.publishStoredMetrics();
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function isServed(
  message: IngestMessage,
  slice: Parameters<typeof ingestMessage>[2]['slice'],
): Promise<boolean> {
  try {
    const ingested = await ingestMessage(message, message.isRetry, { ...options, slice });
    reportIngestion({ logger, metrics }, ingested);
    if (!ingested.isFailed) return true;
  } catch (error) {
    logger.error('a notification could not be processed', { problem: oneLine(error) });
  }
  await waitBeforeNext(message);
  return false;
}

/** The queue's own visibility timeout is meant for crashes, and long. */
async function waitBeforeNext({ receiptHandle, receiveCount }: IngestMessage): Promise<void> {
  const seconds = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (receiveCount - 1));
  try {
    await hideFor(ingestQueue, receiptHandle, seconds);
  } catch (error) {
    logger.warn('a message will be delivered again late', { problem: oneLine(error) });
  }
}

export const handler = middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 })
  .use(injectLambdaContext(logger))
  .handler(readLogFiles);
