import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { assessBatch, type BatchOutcome } from '../../lib/assessment/assess-batch.ts';
import { FindingNotes } from '../../lib/assessment/note-findings.ts';
import { oneLine } from '../../lib/assessment/one-line.ts';
import { reportDeliveries } from '../../lib/assessment/report-deliveries.ts';
import { reportLookUps } from '../../lib/assessment/report-look-ups.ts';
import { reportMetrics } from '../../lib/assessment/report-metrics.ts';
import { settledOptions } from '../../lib/assessment/settled-options.ts';
import { wakeSender } from '../../lib/assessment/wake-sender.ts';
import { warmUp } from '../../lib/assessment/warm-up.ts';
import { TimeBudget } from '../../lib/aws/time-budget.ts';
import { type SettingsInForce, SettingsReader } from '../../lib/cutover/settings-reader.ts';
import { readStoredSettings } from '../../lib/cutover/stored-settings.ts';
import { allowedBy } from '../../lib/intelligence/allowlist/allowlist.ts';
import { refreshedAllowlist } from '../../lib/intelligence/allowlist/refreshed-allowlist.ts';
import type { OpenedIntelligence } from '../../lib/intelligence/intelligence.ts';
import { readKeysFrom } from '../../lib/intelligence/keys/key-parameters.ts';
import { createLocality } from '../../lib/records/locality.ts';
import { readAllowlist } from '../../lib/store/allowlist-store.ts';
import { createIntelligence } from './create-intelligence.ts';
import { readEnvironment } from './environment.ts';
import { lookUpSettings } from './look-up-settings.ts';
import { type ReadEvent, readEvent, workQueueUrl } from './read-event.ts';
import { UnhandledRejections } from './unhandled-rejections.ts';

const SECONDS_PER_DAY = 86_400;

/** If a logger has the level `info`, the SDK copies the input of every request for it, even if it does nothing. */
const WITHOUT_INFO = { debug() {}, warn() {}, error() {}, info: undefined as never };

const environment = readEnvironment(process.env);
const logger = new Logger();
const metrics = new Metrics();
const rejections = new UnhandledRejections();
let unreadableItems = 0;
// One attempt each: writes are retried here within the invocation's deadline, including unprocessed items.
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1, logger: WITHOUT_INFO }));
const sqs = new SQSClient({ maxAttempts: 1 });
const ssm = new SSMClient();
const settingsNames = {
  settings: environment.SETTINGS_PARAMETER,
  initial: environment.INITIAL_SETTINGS_PARAMETER,
};
const settingsReader = new SettingsReader({
  fetch: (signal) => readStoredSettings(ssm, settingsNames, signal),
  onProblem: (problem) => logger.warn('the settings cannot be used', { problem }),
  maxAgeMs: environment.SETTINGS_MAX_AGE_SECONDS * 1000,
});
const options = {
  isLocal: createLocality(environment.HOME_NETWORKS),
  retentionSeconds: environment.RETENTION_DAYS * SECONDS_PER_DAY,
  table: { client, tableName: environment.TABLE_NAME, onUnreadable: () => unreadableItems++ },
  rejectedQueue: { client: sqs, queueUrl: environment.REJECTED_QUEUE_URL },
  deadLetterQueue: { client: sqs, queueUrl: environment.DEAD_LETTER_QUEUE_URL },
};
const notes = new FindingNotes(options.table, environment.ANNOUNCEMENTS);
const announcementsQueue = { client: sqs, queueUrl: environment.ANNOUNCEMENTS_QUEUE_URL };
const keysPath = environment.PROVIDER_KEYS_PATH;
const intelligence = createIntelligence(options.table, {
  ...lookUpSettings(environment),
  readKeys: keysPath === undefined ? async () => ({}) : readKeysFrom(ssm, keysPath),
  onKeysProblem: (problem) => logger.warn('the keys of the providers cannot be read', { problem }),
  onListsProblem: (problem) => logger.warn('the lists cannot be read', { problem }),
});

const allowlist = refreshedAllowlist((signal) => readAllowlist(options.table, signal), {
  maxAgeMs: environment.SETTINGS_MAX_AGE_SECONDS * 1000,
  onProblem: (problem) => logger.warn('the allowlist cannot be read', { problem }),
});

warmUp(options);

async function scoreConnections(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const startedAtMs = Date.now();
  const budget = new TimeBudget(startedAtMs, startedAtMs + context.getRemainingTimeInMillis());
  try {
    return await scoreEvent(event, budget);
  } finally {
    await settle(budget);
  }
}

async function scoreEvent(event: SQSEvent, budget: TimeBudget): Promise<SQSBatchResponse> {
  const read = readEvent(event);
  reporting(() => reportDeliveries(metrics, read.messages));
  const workUrl = workQueueUrl(event, environment.REJECTED_QUEUE_URL);
  const [inForce, { lookUp, isOutdated }, allowed] = await Promise.all([
    settingsReader.read(),
    intelligence.open().catch(goOnWithoutLookUps),
    allowlist.current(),
  ]);
  const settled = settledOptions(inForce);
  const outcome = await assessBatch(read.messages, {
    ...options,
    ...settled,
    notes,
    ...(workUrl !== undefined && { workQueue: { client: sqs, queueUrl: workUrl } }),
    lookUp,
    allowedBy: allowedBy(allowed.value, budget.startedAtMs),
    budget,
  });
  const isSenderAsleep = await cannotWakeSender(outcome, budget);
  const hasOldKnowledge = isOutdated || allowed.problem !== undefined;
  report(outcome, inForce, hasOldKnowledge, read, isSenderAsleep);
  const failed = [...read.malformed, ...outcome.failures.keys()];
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Announcements are sent by another function, once everything is stored. */
async function cannotWakeSender({ announcements }: BatchOutcome, budget: TimeBudget): Promise<boolean> {
  if (announcements === 0) return false;
  const patience = { deadlineMs: budget.wakeEndMs, now: budget.now };
  const problem = await wakeSender(announcementsQueue, announcements, patience);
  if (problem === undefined) return false;
  logger.warn('the announcing function could not be triggered', { problem: problem.message });
  return true;
}

/** Leaves nothing pending: Lambda freezes the process once it has the answer, and timeouts fire at the thaw. */
async function settle({ endMs }: TimeBudget): Promise<void> {
  for (const ending of [settingsReader, intelligence, allowlist]) {
    try {
      await ending.settle(endMs);
    } catch (error) {
      logger.error('the invocation did not end cleanly', { problem: oneLine(error) });
    }
  }
}

function goOnWithoutLookUps(error: unknown): OpenedIntelligence {
  logger.error('nothing can be looked up', { problem: oneLine(error) });
  return { lookUp: undefined, isOutdated: true };
}

/** Reports the results of an invocation. Everything is stored by then: a failure here must not cause a redelivery. */
function report(
  outcome: BatchOutcome,
  inForce: SettingsInForce,
  isOutdated: boolean,
  event: ReadEvent,
  isSenderAsleep: boolean,
): void {
  const unhandled = rejections.take();
  const defects = sum(outcome.defects.values()) + unhandled.length;
  const troubles = { defects, unreadableItems, malformed: event.malformed.length, isSenderAsleep };
  unreadableItems = 0;
  for (const step of [
    () => reportMetrics(metrics, outcome, inForce, event.messages.length, troubles),
    () => reportLookUps(metrics, outcome.lookUps, isOutdated),
    () => metrics.publishStoredMetrics(),
    () => logFailures(outcome, event),
    () => logDefects(outcome, unhandled),
  ]) {
    reporting(step);
  }
}

/** A failure to report must not stop anything else. */
function reporting(step: () => void): void {
  try {
    step();
  } catch (error) {
    process.stderr.write(`score-connections could not report: ${oneLine(error)}\n`);
  }
}

/** At most one line per kind, however much fails: the reasons, with the number of messages each affected. */
function logFailures({ failures, givenUp }: BatchOutcome, { messages, malformed }: ReadEvent): void {
  if (malformed.length > 0) logger.error('entries of the event are not messages', { messageIds: malformed });
  if (givenUp.size > 0) {
    logger.error('messages are in the dead-letter queue', { reasons: Object.fromEntries(givenUp) });
  }
  if (failures.size === 0) return;
  const reasons: Record<string, number> = {};
  for (const reason of failures.values()) reasons[reason] = (reasons[reason] ?? 0) + 1;
  logger.warn('messages will be delivered again', {
    failed: failures.size,
    messages: messages.length,
    reasons,
  });
}

function logDefects({ defects }: BatchOutcome, unhandled: readonly unknown[]): void {
  if (defects.size > 0) logger.error('defects found', { defects: Object.fromEntries(defects) });
  if (unhandled.length > 0) logger.error('unhandled promise rejections', { reasons: unhandled.map(oneLine) });
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}

// Middy's early timeout would return messages that are already stored; every stage here has its own deadline.
export const handler = middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 })
  .use(injectLambdaContext(logger))
  .handler(scoreConnections);
