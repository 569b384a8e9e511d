import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';

import { sendAnnouncements } from '../../lib/announcement/send-announcements.ts';
import { putEvents } from '../../lib/aws/put-events.ts';
import { readEnvironment } from './environment.ts';
import { reportSending } from './report-sending.ts';

/** Reserved for answering the service, milliseconds. */
const ANSWER_MS = 1_000;

const environment = readEnvironment(process.env);
const logger = new Logger();
const metrics = new Metrics();
let unreadableItems = 0;
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler }));
const table = { client, tableName: environment.TABLE_NAME, onUnreadable: () => unreadableItems++ };
const eventBridge = new EventBridgeClient({ maxAttempts: 1 });
/** The result of an earlier invocation in this execution environment. */
let openFromMs: number | undefined;

/**
 * Sends the outbox, whatever invoked the function. Failures are thrown or stay in the outbox: the schedule invokes it
 * again within a minute.
 */
async function announceFindings(_: unknown, context: Context): Promise<void> {
  const outcome = await sendAnnouncements({
    table,
    put: (entries, patience) => putEvents(eventBridge, entries, patience),
    bus: environment.EVENT_BUS,
    environment: environment.ENVIRONMENT_NAME,
    settings: environment.ANNOUNCEMENTS,
    openFromMs,
    patience: { deadlineMs: Date.now() + context.getRemainingTimeInMillis() - ANSWER_MS },
  });
  openFromMs = outcome.openFromMs;
  reportSending(metrics, outcome, unreadableItems);
  unreadableItems = 0;
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  if (outcome.failed.size > 0) {
    logger.error('announcements were not put on the bus', { reasons: Object.fromEntries(outcome.failed) });
  }
  if (outcome.sent > 0) logger.info('announcements were sent', { sent: outcome.sent });
  if (outcome.heldBack > 0)
    logger.warn('the hourly limit held announcements back', { heldBack: outcome.heldBack });
}

export const handler = middy<unknown, void>({ timeoutEarlyInMillis: 0 })
  .use(injectLambdaContext(logger))
  .handler(announceFindings);
