import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { createAssess } from '../../lib/assessment/assess.ts';
import { isPacked, minuteUnits, packedUnit, type ReadUnit } from '../../lib/assessment/form-units.ts';
import type { QueuedMessage } from '../../lib/assessment/queued-message.ts';
import { readBody } from '../../lib/assessment/read-body.ts';
import { type ScoredUnit, type ScoringOptions, scoreUnit } from '../../lib/assessment/score-unit.ts';
import { createConsensus } from '../../lib/consensus/consensus.ts';
import { legacyScore } from '../../lib/cutover/legacy-score.ts';
import { createLocality, type IsLocal } from '../../lib/records/locality.ts';
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

type UnitOptions = ScoringOptions & { readonly isLocal: IsLocal };

/** Reads a message and scores it, without anything looked up. */
export function scoreMessage(message: QueuedMessage, options: UnitOptions): ScoredUnit {
  return scoreUnit(readAlone(message, options.isLocal), options);
}

/** Reads a message as the unit that it is when it comes alone. */
export function readAlone(message: QueuedMessage, isLocal: IsLocal): ReadUnit {
  const body = readBody([message], isLocal);
  const [unit] = isPacked(body) ? [packedUnit(body)] : minuteUnits([body]);
  if (unit === undefined) throw new Error('a message makes a unit');
  return unit;
}

/** What the deployed function scores with, but for its settings. */
export function scoringOptions(overrides: Partial<UnitOptions> = {}): UnitOptions {
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
