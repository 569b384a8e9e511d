import { paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Item, itemSizeBytes } from '../../../lib/local/metering/item-size.ts';
import { readAssessmentsIn, readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import {
  connection,
  connectionsTo,
  contents,
  type Fields,
  ndjson,
} from '../../fixtures/service/connections.ts';
import { eventOf, startSandbox } from '../../fixtures/service/sandbox.ts';
import {
  impatientScoring,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';
import { collect, storedContents, summariesOf } from '../../fixtures/service/table-contents.ts';

const MAX_ITEM_BYTES = 400 * 1024;
const MAX_EVENT_BYTES = 6 * 1024 * 1024;

let service: ScoringService;

beforeAll(async () => {
  service = await startScoringService({
    definition: impatientScoring({
      work: { visibilityTimeoutSeconds: 60 },
      // Half of the service's memory: a full batch must fit.
      function: { timeoutSeconds: 30, memoryMegabytes: 256 },
      eventSource: { batchSize: 25, maximumBatchingWindowSeconds: 1 },
    }),
  });
});

afterAll(() => service.stop());

it('20,000 connections of one address in one message are split into parts that the table takes', async () => {
  const records = Array.from({ length: 20_000 }, (_, n) =>
    connection({ timestamp: 1_790_000_000 + n, src_port: 1_024 + (n % 60_000), id: `C${n}` }),
  );
  const body = ndjson(records);
  const sandbox = await startSandbox(service);

  const outcome = await sandbox.invoke(eventOf([body]).json);

  expect(outcome).toMatchObject({ status: 'returned', response: { batchItemFailures: [] } });
  const pages = await collect(
    paginateScan({ client: service.stack.clients.dynamodb }, { TableName: service.table.tableName }),
  );
  const [summary] = await summariesOf(service.table, [body]);
  expect(summary?.statistics).toMatchObject({ records: 20_000, stored: 20_000, assessments: 1 });
  expect(summary?.items).toEqual([
    { address: '203.0.113.7', latestMs: 1_790_019_999_000, records: expect.any(Array) },
  ]);
  const parts = summary?.items[0]?.records ?? [];
  expect(parts.length).toBeGreaterThan(1);
  expect(new Set(parts).size).toBe(parts.length);
  const sizes = pages.flatMap(({ Items = [] }) => (Items as unknown as Item[]).map(itemSizeBytes));
  expect(sizes).toHaveLength(parts.length + 1);
  expect(Math.max(...sizes)).toBeLessThan(MAX_ITEM_BYTES);
  const byAddress = await collect(readAssessmentsOf(service.table, '203.0.113.7', Date.now()));
  expect(contents(byAddress.flatMap(({ connections }) => connections))).toEqual(contents(records));
  const byMessage = summary && (await collect(readAssessmentsIn(service.table, summary, Date.now())));
  expect(byMessage?.reduce((sum, { connections }) => sum + connections.length, 0)).toBe(20_000);
  await sandbox.stop();
});

it('a body as large as a message can be is rejected in parts that make it up', async () => {
  const body = `no JSON: ${'\u00e9'.repeat(524_283)}`;
  const [source] = await service.push(body);
  await service.drained();

  const parts = (await service.rejections()).filter((entry) => entry.source === source);

  expect(Buffer.byteLength(body)).toBe(1_048_575);
  expect(parts.length).toBeGreaterThan(1);
  expect(
    parts.every(({ scope, index, parts: all }) => scope === 'body' && index === 0 && all === parts.length),
  ).toBe(true);
  const inOrder = parts.toSorted((a, b) => (a.part ?? 0) - (b.part ?? 0));
  expect(inOrder.map(({ part }) => part)).toEqual(parts.map((_, n) => n + 1));
  expect(inOrder.map(({ text }) => text).join('')).toBe(body);
});

it('25 messages of about 190 KB are one event of nearly 6 MB, and handled as such', async () => {
  const messages = Array.from({ length: 25 }, (_, n) => largeMessage(n));
  const bodies = messages.map(ndjson);
  const invocations = service.stack.usage().lambda.invocations;

  await service.pushTogether(...bodies);
  await service.drained();

  const eventBytes = Buffer.byteLength(eventOf(bodies).json);
  expect(eventBytes).toBeGreaterThan(0.9 * MAX_EVENT_BYTES);
  expect(eventBytes).toBeLessThan(MAX_EVENT_BYTES);
  expect(service.stack.usage().lambda).toMatchObject({ invocations: invocations + 1, failed_invocations: 0 });
  expect(await storedContents(service.table, '198.18.')).toEqual(contents(messages.flat()));
  const summaries = await summariesOf(service.table, bodies);
  expect(summaries.map((summary) => summary?.statistics.stored)).toEqual(
    messages.map(({ length }) => length),
  );
});

/** About 190 KB, to 40 addresses. */
function largeMessage(n: number): Fields[] {
  return Array.from({ length: 33 }, (_, dst_port) =>
    connectionsTo(`198.18.${n}`, 40, { dst_port, id: `C${n}-${dst_port}` }),
  ).flat();
}
