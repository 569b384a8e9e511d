import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { sendMessage } from '../../../lib/local/delivery/message-queue.ts';
import { costParts } from '../../../lib/local/metering/cost.ts';
import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { type PackableRecord, packMessages } from '../../../lib/logs/packing.ts';
import { contentHash } from '../../../lib/records/content-hash.ts';
import { summaryKey } from '../../../lib/store/keys.ts';
import { getItems } from '../../../lib/store/query.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import type { BenchmarkContext, Figure } from '../benchmark.ts';
import { medianOf } from '../quantiles.ts';

const WINDOWS_SECONDS = [0, 1, 5];
/** Messages a second: a small site, and a busy one. */
const RATES = [0.5, 4];
const SECONDS = 12;
const RECORDS_PER_MESSAGE = 50;
const POLL_MS = 20;
const PATIENCE_MS = 60_000;

/**
 * How long messages take from the queue to the table, and how many of them share an invocation, by the time for which a
 * batch waits for more, on the embedded stack.
 */
export async function batchingWindowFigures(
  log: readonly PackableRecord[],
  { progress }: BenchmarkContext,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const records = log.values();
  progress.step('tuning, batching windows', WINDOWS_SECONDS.length * RATES.length);
  for (const windowSeconds of WINDOWS_SECONDS) {
    const { definition } = DEPLOYED;
    const eventSource = { ...definition.eventSource, maximumBatchingWindowSeconds: windowSeconds };
    const stack = await startLocalStack({ ...DEPLOYED, definition: { ...definition, eventSource } });
    try {
      // What runs for the first time takes longer.
      await sendAtPace(stack, nextBodies(records, 4), 4);
      for (const rate of RATES) {
        stack.resetUsage();
        const bodies = nextBodies(records, Math.round(rate * SECONDS));
        const durations = await sendAtPace(stack, bodies, rate);
        const name = `window of ${windowSeconds} s, ${rate} messages a second`;
        const usage = stack.usage();
        const { invocations } = costParts(usage);
        figures.push(
          { name: `${name}, from queue to table, p50`, value: medianOf(durations), unit: 'ms' },
          { name: `${name}, from queue to table, longest`, value: Math.max(...durations), unit: 'ms' },
          {
            name: `${name}, messages an invocation`,
            value: bodies.length / usage.lambda.invocations,
            unit: '',
          },
          {
            name: `${name}, invocations`,
            value: (invocations / bodies.length) * 1e6,
            unit: 'USD per million messages',
          },
        );
        progress.update(figures.length / 4);
      }
    } finally {
      await stack.stop();
    }
  }
  return figures;
}

/** The next records, so that no message is a duplicate of an earlier one. */
function nextBodies(records: Iterator<PackableRecord>, messages: number): string[] {
  return Array.from({ length: messages }, () => {
    const window = Array.from({ length: RECORDS_PER_MESSAGE }, () => records.next().value as PackableRecord);
    return [...packMessages(window)].map(({ body }) => body).join('\n');
  });
}

/** @returns for each message how long it took from being sent until it was stored, ms */
async function sendAtPace(
  stack: LocalStack,
  bodies: readonly string[],
  messagesPerSecond: number,
): Promise<number[]> {
  const stored = bodies.map(async (body, n) => {
    await sleep((n / messagesPerSecond) * 1000);
    const sentAt = performance.now();
    await sendMessage(stack.clients.sqs, stack.names.workQueueUrl, body);
    while (!(await isStored(stack, body))) await sleep(POLL_MS);
    return performance.now() - sentAt;
  });
  return await Promise.all(stored);
}

async function isStored({ clients, names }: LocalStack, body: string): Promise<boolean> {
  const table = { client: DynamoDBDocumentClient.from(clients.dynamodb), tableName: names.tableName };
  const found = getItems(table, [summaryKey(contentHash(body))], Date.now() + PATIENCE_MS);
  return (await Array.fromAsync(found)).length > 0;
}
