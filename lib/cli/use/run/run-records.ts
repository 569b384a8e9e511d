import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { SiteSurvey } from '../../../activity/site-survey.ts';
import { costOf } from '../../../local/metering/cost.ts';
import type { LocalStack } from '../../../local/stack.ts';
import type { Log } from '../../../logs/log.ts';
import { remoteEndpoint } from '../../../records/endpoint.ts';
import type { IsLocal } from '../../../records/locality.ts';
import { recordIdentity } from '../../../records/record-identity.ts';
import { latenciesOf } from '../../../statistics/latencies.ts';
import { sumStatistics } from '../../../statistics/unit-tally.ts';
import { scanConnections } from '../../../store/scan-connections.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { RunResult } from '../../results/run-result.ts';
import { EvidenceTally } from '../intel/evidence-tally.ts';
import type { Progress } from '../progress.ts';
import { peekQueue } from '../queues/peek-queue.ts';
import { accountFor } from './account.ts';
import { countAnnouncements } from './count-announcements.ts';
import { Highlights } from './highlights.ts';
import { type PushedRecords, pushForAccount } from './push-for-account.ts';

/** Polling interval of the queue. */
const POLL_MS = 50;
const MILLISECONDS_PER_MINUTE = 60_000;

/** An opened log. */
export interface RunInput {
  /** Its name in messages to the user. */
  readonly name: string;
  readonly log: Log;
}

export interface RunRecordsOptions {
  /** The stack may hold records of earlier runs, which affects what counts as a duplicate. */
  readonly hasState: boolean;
  readonly isLocal: IsLocal;
  readonly areProvidersSimulated: boolean;
  readonly progress: Progress;
}

/**
 * Pushes an input's records through a running stack, waits until every record has been processed, and accounts for all
 * of them from what is stored.
 *
 * @throws {InputError} if the input is damaged
 */
export async function runRecords(
  stack: LocalStack,
  input: RunInput,
  options: RunRecordsOptions,
): Promise<RunResult> {
  const { hasState, progress } = options;
  const table = {
    client: DynamoDBDocumentClient.from(stack.clients.dynamodb),
    tableName: stack.names.tableName,
  };
  const known = hasState ? await identitiesBefore(stack, table) : new Set<string>();

  stack.resetUsage();
  const startedAt = performance.now();
  const startedAtMs = Date.now();
  const pushed = await push(stack, input.log, options);
  await drained(stack, pushed, progress);
  const durationSeconds = (performance.now() - startedAt) / 1000;
  const usage = stack.usage();

  const highlights = new Highlights();
  const evidence = new EvidenceTally();
  const survey = new SiteSurvey();
  progress.step('checking what is stored', pushed.messages.length);
  const account = await accountFor(pushed.messages, {
    table,
    rejectedQueue: await peekQueue({ client: stack.clients.sqs, queueUrl: stack.names.rejectedQueueUrl }),
    known,
    startedAtMs,
    onAssessment: (assessment) => {
      highlights.add(assessment);
      evidence.add(assessment.address, assessment.assessment);
      for (const connection of assessment.connections) {
        survey.add(connection, remoteEndpoint(connection, options.isLocal));
      }
    },
    onProgress: (messages) => progress.update(messages),
  });
  const nowMs = Date.now();
  const announcements = await countAnnouncements(table, {
    // Small messages count as arriving in the minute they were sent.
    fromMs: Math.floor(startedAtMs / MILLISECONDS_PER_MINUTE) * MILLISECONDS_PER_MINUTE,
    toMs: nowMs,
    nowMs,
  });
  return {
    source: input.name,
    format: input.log.format,
    unit: input.log.unit,
    pushed: pushed.pushed,
    skipped: pushed.skipped,
    unsent: pushed.unsent.length,
    stored: account.stored,
    duplicates: account.duplicates,
    rejected: [...account.rejected, ...pushed.unsent].sort((a, b) => a.position - b.position),
    missing: account.missing,
    statistics: sumStatistics(account.units.map(({ statistics }) => statistics)),
    latency: {
      verdict: latenciesOf(account.units, 'latency_ms'),
      stored: latenciesOf(account.units, 'stored_ms'),
    },
    durationSeconds,
    areProvidersSimulated: options.areProvidersSimulated,
    usage,
    costUsd: costOf(usage),
    highlights: highlights.result,
    announcements,
    evidence: evidence.counts,
    survey: survey.result,
  };
}

async function push(
  stack: LocalStack,
  log: Log,
  { isLocal, progress }: RunRecordsOptions,
): Promise<PushedRecords> {
  const queue = { client: stack.clients.sqs, queueUrl: stack.names.workQueueUrl };
  progress.step('pushing');
  return await pushForAccount(queue, log, isLocal, (sent) => progress.update(sent));
}

/** Waits until the work queue is empty. */
async function drained(stack: LocalStack, { messages }: PushedRecords, progress: Progress): Promise<void> {
  progress.step('scoring', messages.length);
  for (;;) {
    const { work } = await stack.queueDepths();
    const waiting = work.visible + work.inFlight;
    progress.update(Math.max(0, messages.length - waiting));
    if (waiting === 0) return;
    await sleep(POLL_MS);
  }
}

/** Delivery is paused: messages that an earlier run left on the queue must not count as stored before. */
async function identitiesBefore(stack: LocalStack, table: TableAccess): Promise<Set<string>> {
  await stack.pauseDelivery();
  const identities = await storedIdentities(table);
  stack.resumeDelivery();
  return identities;
}

async function storedIdentities(table: TableAccess): Promise<Set<string>> {
  const identities = new Set<string>();
  for await (const connection of scanConnections(table)) identities.add(recordIdentity(connection));
  return identities;
}
