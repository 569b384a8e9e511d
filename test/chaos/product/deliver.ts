import type { BatchOptions } from '../../../lib/assessment/assess-batch.ts';
import { TimeBudget } from '../../../lib/aws/time-budget.ts';
import type { SettingsInForce } from '../../../lib/cutover/settings-reader.ts';
import type { Clients } from '../simulation/clients.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SentMessage } from '../workload/sent-message.ts';
import type { CodeVersion } from './code-version.ts';
import { type Intelligence, intelligenceAccess } from './intelligence.ts';

const QUEUES_URL = 'http://127.0.0.1:9/000000000000';
/** As configured for the deployed function. */
const TIMEOUT_MS = 30_000;
const RETENTION_SECONDS = 90 * 86_400;

/** A message in a delivery. */
export interface Delivered {
  readonly message: SentMessage;
  readonly receiveCount: number;
  /** Called when work on the message begins. */
  readonly onRead: () => void;
}

/** State of an execution environment besides its messages. */
export interface Circumstances {
  readonly version: CodeVersion;
  readonly settings: SettingsInForce;
  readonly intelligence: Intelligence;
  readonly tableName: string;
}

/** An execution's answer. */
export interface Answer {
  /** Ids of the messages to be delivered again. */
  readonly failed: ReadonlySet<string>;
  /** Exceptions caused by defects in the code. */
  readonly defects: readonly string[];
}

/** Does what the function's handler does with an event, without logs and metrics. */
export async function deliver(
  delivered: readonly Delivered[],
  { version, settings, intelligence, tableName }: Circumstances,
  simulation: Simulation,
  { dynamodb, sqs }: Clients,
): Promise<Answer> {
  const { product } = version;
  const settled = product.settledOptions(settings);
  const table = { client: dynamodb, tableName };
  const options: BatchOptions = {
    ...settled,
    assess: assessAs(version, settled.assess),
    isLocal: product.createLocality([]),
    retentionSeconds: RETENTION_SECONDS,
    table,
    // Each execution starts without notes of others.
    notes: new product.FindingNotes(table, product.DEFAULT_ANNOUNCEMENT_SETTINGS),
    rejectedQueue: { client: sqs, queueUrl: `${QUEUES_URL}/rejected` },
    deadLetterQueue: { client: sqs, queueUrl: `${QUEUES_URL}/dead-letter` },
    workQueue: { client: sqs, queueUrl: `${QUEUES_URL}/connections` },
    lookUp: intelligenceAccess(intelligence, (milliseconds) => simulation.sleep(milliseconds)),
    budget: new TimeBudget(simulation.nowMs, simulation.nowMs + TIMEOUT_MS, () => simulation.nowMs),
  };
  const messages = delivered.map(({ message, receiveCount, onRead }) => ({
    messageId: message.id,
    receiveCount,
    receiptHandle: receiptHandle(message.id, receiveCount),
    body: message.body.text,
    sentAtMs: message.sentAtMs,
    ...(message.origin && { origin: message.origin }),
    onRead,
  }));
  const { failures, defects } = await product.assessBatch(messages, options);
  return { failed: new Set(failures.keys()), defects: [...defects.keys()] };
}

/** Identifies one delivery of a message. */
export function receiptHandle(messageId: string, receiveCount: number): string {
  return `${messageId}/${receiveCount}`;
}

/** @returns the message id in a receipt handle */
export function messageOfReceipt(handle: string): string {
  return handle.split('/')[0] ?? '';
}

function assessAs(
  { engineVersion, furtherReasoning }: CodeVersion,
  assess: BatchOptions['assess'],
): BatchOptions['assess'] {
  if (engineVersion === undefined && furtherReasoning === 0) return assess;
  const further = ' and so on'.repeat(Math.ceil(furtherReasoning / 10));
  return (input) => {
    const assessment = assess(input);
    const votes = Object.entries(assessment.votes).map(([name, vote]) => [
      name,
      { ...vote, reasoning: `${vote.reasoning}${further}` },
    ]);
    return {
      ...assessment,
      votes: Object.fromEntries(votes) as typeof assessment.votes,
      ...(engineVersion !== undefined && { engine_version: engineVersion }),
    };
  };
}
