import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectionsTo, contents, ndjson } from '../../fixtures/service/connections.ts';
import { metricsOf, recordCounts } from '../../fixtures/service/function-log.ts';
import { eventOf, startSandbox } from '../../fixtures/service/sandbox.ts';
import {
  EVENTUALLY,
  impatientScoring,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';
import { itemsOf, on } from '../../fixtures/service/service-faults.ts';
import {
  scanItems,
  storedContents,
  summariesOf,
  withoutDelivery,
  writtenItems,
} from '../../fixtures/service/table-contents.ts';

const WORKERS = 2;

interface DeliveredRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly attributes: Readonly<Record<string, string>>;
}

let service: ScoringService;

beforeAll(async () => {
  service = await startScoringService({
    workers: WORKERS,
    definition: impatientScoring({
      work: { visibilityTimeoutSeconds: 30 },
      eventSource: { batchSize: 3 },
    }),
  });
});

afterEach(() => {
  service.faults.dynamodb = undefined;
  service.faults.sqs = undefined;
});

afterAll(() => service.stop());

describe('an event', () => {
  it('that is handled twice, since its answer was lost, leaves the very same items', async () => {
    const bodies = [
      `${ndjson(connectionsTo('198.18.0', 30))}\n{"timestamp":0}`,
      ndjson(connectionsTo('198.18.0', 5, { dst_port: 80 })),
    ];
    const { json, messageIds } = eventOf(bodies);
    const sandbox = await startSandbox(service);

    const first = await sandbox.invoke(json);
    const before = await scanItems(service.table);
    const second = await sandbox.invoke(json);
    const after = await scanItems(service.table);

    expect([first, second]).toMatchObject([
      { status: 'returned', response: { batchItemFailures: [] } },
      { status: 'returned', response: { batchItemFailures: [] } },
    ]);
    expect(withoutDelivery(after)).toEqual(withoutDelivery(before));
    expect(before).toHaveLength(30 + 5 + 2);
    const entries = (await service.rejections()).filter(({ source }) => messageIds.includes(source));
    expect(new Set(entries.map(({ source, index }) => `${source} ${index}`))).toEqual(
      new Set([`${messageIds[0]} 30`]),
    );
    await sandbox.stop();
  });

  it('beside other messages leaves the same items as alone', async () => {
    const bodies = [0, 1, 2].map((n) => ndjson(connectionsTo('198.18.1', 64, { dst_port: n })));
    const sandbox = await startSandbox(service);

    for (const body of bodies) await sandbox.invoke(eventOf([body]).json);
    const apart = withoutDelivery(await scanItems(service.table));
    await sandbox.invoke(eventOf([...bodies.toReversed(), ...bodies]).json);
    const together = withoutDelivery(await scanItems(service.table));

    expect(together).toEqual(apart);
    expect(await storedContents(service.table, '198.18.1.')).toHaveLength(3 * 64);
    await sandbox.stop();
  });
});

describe('an execution environment that dies', () => {
  // 60 items take three concurrent requests; the fourth is the summary's.
  it.each([1, 2, 3, 4])('at write %i leaves what the next one completes', async (fatalWrite) => {
    const network = `198.18.${10 + fatalWrite}`;
    const records = connectionsTo(network, 60);
    const body = ndjson(records);
    const { json } = eventOf([body]);
    const doomed = await startSandbox(service);
    let writes = 0;
    let letThrough = 0;
    service.faults.dynamodb = on('BatchWriteItem', (request) => {
      writes += 1;
      if (writes < fatalWrite) {
        letThrough += itemsOf(request).length;
        return undefined;
      }
      void doomed.stop();
      return 'hang';
    });

    const outcome = await doomed.invoke(json);
    await vi.waitFor(async () => {
      expect(await writtenItems(service.table, `${network}.`)).toHaveLength(letThrough);
    }, EVENTUALLY);
    const [summaryBefore] = await summariesOf(service.table, [body]);
    const readBefore = await storedContents(service.table, network);
    service.faults.dynamodb = undefined;
    const next = await startSandbox(service);
    const completed = await next.invoke(json);

    expect(outcome).toMatchObject({ status: 'failed' });
    expect(letThrough < 60).toBe(fatalWrite < 4);
    expect(summaryBefore).toBeUndefined();
    expect(readBefore).toEqual([]);
    expect(completed).toMatchObject({ status: 'returned', response: { batchItemFailures: [] } });
    expect(await storedContents(service.table, network)).toEqual(contents(records));
    const [summary] = await summariesOf(service.table, [body]);
    expect(summary?.statistics).toMatchObject({ records: 60, stored: 60 });
    expect(summary?.items).toHaveLength(60);
    await next.stop();
  });
});

describe('a message that kills the process', () => {
  it('takes its group along once, is alone from then on, and ends in the dead-letter queue alone', async () => {
    const neighbours = connectionsTo('198.18.30', 7);
    const [poison = {}] = connectionsTo('198.18.31', 1);
    const bodies = [...neighbours.slice(0, 3), poison, ...neighbours.slice(3)].map((each) => ndjson([each]));
    const { json } = eventOf(bodies);
    const { Records } = JSON.parse(json) as { Records: DeliveredRecord[] };
    const queued = new Map(Records.map((record) => [record.receiptHandle, record]));
    service.faults.sqs = on('DeleteMessageBatch', (request) => {
      const { Entries } = request as { Entries: { Id: string; ReceiptHandle: string }[] };
      for (const { ReceiptHandle } of Entries) queued.delete(ReceiptHandle);
      return { status: 200, body: { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] } };
    });
    const deliver = async (receiveCount: number) => {
      const sandbox = await startSandbox(service);
      service.faults.dynamodb = on('BatchWriteItem', (request) => {
        if (
          !itemsOf(request).some(({ PutRequest: { Item } }) => Item.pk.S.startsWith('address#198.18.31.'))
        ) {
          return undefined;
        }
        void sandbox.stop();
        return 'hang';
      });
      const outcome = await sandbox.invoke(JSON.stringify({ Records: recordsOf(queued, receiveCount) }));
      await sandbox.stop();
      if (outcome.status === 'failed') return { isDead: true, left: queued.size };
      const { batchItemFailures } = outcome.response as { batchItemFailures: { itemIdentifier: string }[] };
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const [handle, { messageId }] of queued) if (!failed.has(messageId)) queued.delete(handle);
      return { isDead: false, left: queued.size };
    };

    // All are in one group, so its death counts against each.
    expect(await deliver(3)).toEqual({ isDead: true, left: bodies.length });
    expect(await storedContents(service.table, '198.18.30.')).toEqual([]);
    // Now one by one: everything before the killing one is stored and deleted.
    const { left } = await deliver(4);
    expect(await storedContents(service.table, '198.18.30.')).toHaveLength(bodies.length - left);
    // It has died twice, and comes last.
    expect(await deliver(5)).toEqual({ isDead: true, left: 1 });
    expect(await storedContents(service.table, '198.18.30.')).toEqual(contents(neighbours));
    expect(await deliver(6)).toEqual({ isDead: false, left: 0 });

    expect(await service.deadLetters()).toEqual([ndjson([poison])]);
  });
});

describe('two workers', () => {
  it('that get the same bodies at once store each record once', async () => {
    const records = Array.from({ length: 12 }, (_, n) => connectionsTo('198.18.20', 64, { dst_port: n }));
    const bodies = records.map((some) => `${ndjson(some)}\n${ndjson(some.slice(0, 2))}\nno record`);
    const logged = service.logLines.length;
    const invocations = service.stack.usage().lambda.invocations;

    const messageIds = await service.pushTogether(...bodies, ...bodies.toReversed(), ...bodies);
    await service.drained();

    expect(await storedContents(service.table, '198.18.20.')).toEqual(contents(records.flat()));
    const summaries = await summariesOf(service.table, bodies);
    expect(summaries.map((summary) => summary?.statistics)).toMatchObject(
      bodies.map(() => ({ records: 67, stored: 64, duplicates: 2, rejected: 1 })),
    );
    const entries = (await service.rejections()).filter(({ source }) => messageIds.includes(source));
    expect(entries.map(({ source, index, text }) => `${source} ${index} ${text}`).sort()).toEqual(
      messageIds.map((id) => `${id} 66 no record`).sort(),
    );
    await vi.waitFor(() => {
      const counts = metricsOf(service.logLines.slice(logged)).map(recordCounts);
      expect(counts).toHaveLength(service.stack.usage().lambda.invocations - invocations);
      expect(counts.reduce((sum, { received }) => sum + received, 0)).toBe(3 * 12 * 67);
      expect(counts.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(3 * 12);
      for (const { received, stored, duplicates, rejected } of counts) {
        expect(received).toBe(stored + duplicates + rejected);
      }
    }, EVENTUALLY);
  });
});

/** The queued messages at their n-th delivery. */
function recordsOf(queued: ReadonlyMap<string, DeliveredRecord>, receiveCount: number): DeliveredRecord[] {
  return [...queued.values()].map((record) => ({
    ...record,
    attributes: { ...record.attributes, ApproximateReceiveCount: String(receiveCount) },
  }));
}
