import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { createAssess } from '../../lib/assessment/assess.ts';
import type { PlanOptions } from '../../lib/assessment/plan-message.ts';
import type { QueuedMessage } from '../../lib/assessment/queued-message.ts';
import { createConsensus } from '../../lib/consensus/consensus.ts';
import { createLocality } from '../../lib/records/locality.ts';
import { legacyScore } from '../../lib/reputation/legacy-score.ts';
import { jsonLines, sensorRecord } from './records.ts';

export const SENT_AT_MS = 1_700_000_000_000;

export function queuedMessage(overrides: Partial<QueuedMessage> = {}): QueuedMessage {
  return {
    messageId: 'message-1',
    body: jsonLines([sensorRecord()]),
    sentAtMs: SENT_AT_MS,
    receiveCount: 1,
    receiptHandle: 'receipt-1',
    ...overrides,
  };
}

/** What the deployed function plans with, but for its settings. */
export function planOptions(overrides: Partial<PlanOptions> = {}): PlanOptions {
  return {
    assess: createAssess({ consensus: createConsensus(), legacyScore }),
    isLocal: createLocality([]),
    maliciousThreshold: 0.7,
    retentionSeconds: 86_400,
    ...overrides,
  };
}

function sqsRecord(overrides: Partial<SQSRecord> = {}): SQSRecord {
  return {
    messageId: 'message-1',
    receiptHandle: 'receipt-1',
    body: jsonLines([sensorRecord()]),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(SENT_AT_MS),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(SENT_AT_MS + 5),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:connections',
    awsRegion: 'eu-central-1',
    ...overrides,
  };
}

/** An event with one record for each body; message ids count from 1. */
export function sqsEvent(bodies: readonly string[]): SQSEvent {
  return {
    Records: bodies.map((body, index) =>
      sqsRecord({ body, messageId: `message-${index + 1}`, receiptHandle: `receipt-${index + 1}` }),
    ),
  };
}

export function lambdaContext(overrides: Partial<Context> = {}): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'score-connections',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:score-connections',
    memoryLimitInMB: '256',
    awsRequestId: 'request-1',
    logGroupName: '/aws/lambda/score-connections',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => 30_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
    ...overrides,
  };
}
