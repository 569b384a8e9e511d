import { once } from 'node:events';
import { connect } from 'node:net';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDynamoDbEmulator } from '../../../lib/local/emulators/dynamodb-emulator.ts';
import { startSqsEmulator } from '../../../lib/local/emulators/sqs-emulator.ts';
import { UsageMeter } from '../../../lib/local/metering/usage.ts';
import type { LocalStackOptions } from '../../../lib/local/stack.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import {
  bundleFixture,
  impatientService,
  type LocalService,
  startLocalService,
} from '../../fixtures/local/local-service.ts';

const EVENTUALLY = { timeout: 8000, interval: 20 };

/** A queue that delivers no message twice during a test. */
const PATIENT = { visibilityTimeoutSeconds: 30 };

let bundlePath: string;
let service: LocalService | undefined;

beforeAll(async () => {
  bundlePath = await bundleFixture('scripted-handler');
});

afterEach(async () => {
  await service?.stop();
  service = undefined;
});

async function start(options: Partial<LocalStackOptions> = {}): Promise<LocalService> {
  service = await startLocalService({ bundlePath, definition: impatientService(), ...options });
  return service;
}

async function untilQueueIsEmpty({ stack }: LocalService): Promise<void> {
  await vi.waitFor(async () => {
    expect((await stack.queueDepths()).work).toEqual({ visible: 0, inFlight: 0 });
  }, EVENTUALLY);
}

describe('delivery', () => {
  it('hands messages to the function and deletes them', async () => {
    const running = await start();

    await running.send([
      { action: 'store', name: 'a' },
      { action: 'store', name: 'b' },
    ]);
    await untilQueueIsEmpty(running);

    expect(await running.storedNames()).toEqual(['a', 'b']);
    await vi.waitFor(() => expect(running.reports()).toHaveLength(1), EVENTUALLY);
    const [report] = running.reports();
    expect(report).toMatchObject({
      messages: 2,
      receiveCounts: ['1', '1'],
      functionName: DEPLOYED.definition.function.name,
    });
    expect(report?.remainingMs).toBeGreaterThan(4500);
  });

  it('gathers up to the batch size while the batching window is open', async () => {
    const running = await start({
      definition: impatientService({
        work: PATIENT,
        eventSource: { batchSize: 40, maximumBatchingWindowSeconds: 1 },
      }),
    });
    await running.stack.pauseDelivery();
    await running.send(
      Array.from({ length: 60 }, (_, i) => ({ action: 'store' as const, name: `item-${i}` })),
    );
    expect((await running.stack.queueDepths()).work).toEqual({ visible: 60, inFlight: 0 });

    running.stack.resumeDelivery();
    await untilQueueIsEmpty(running);

    expect(await running.storedNames()).toHaveLength(60);
    await vi.waitFor(
      () => expect(running.reports().map(({ messages }) => messages)).toEqual([40, 20]),
      EVENTUALLY,
    );
  });

  it('splits events at 6 MB', async () => {
    const running = await start({
      definition: impatientService({
        work: PATIENT,
        eventSource: { batchSize: 1000, maximumBatchingWindowSeconds: 1 },
      }),
    });
    await running.stack.pauseDelivery();
    for (let i = 0; i < 8; i += 1) {
      // The body is JSON, so its quotes are escaped twice: a million bytes take two in the event.
      const script = { action: 'store', name: `big-${i}`, padding: '"'.repeat(499_000) };
      await running.sqs.send(
        new SendMessageCommand({
          QueueUrl: running.stack.names.workQueueUrl,
          MessageBody: JSON.stringify(script),
        }),
      );
    }

    running.stack.resumeDelivery();
    await untilQueueIsEmpty(running);

    expect(await running.storedNames()).toHaveLength(8);
    await vi.waitFor(() => {
      const reports = running.reports();
      expect(reports.reduce((sum, { messages }) => sum + messages, 0)).toBe(8);
      for (const { bytes } of reports) expect(bytes).toBeLessThanOrEqual(6 * 1024 * 1024);
    }, EVENTUALLY);
  });

  it('delivers failed messages again and moves them to the dead-letter queue in the end', async () => {
    const running = await start({
      definition: impatientService({
        work: {
          redrive: { deadLetterQueue: DEPLOYED.definition.queues.deadLetter.name, maxReceiveCount: 2 },
        },
      }),
    });

    await running.send([{ action: 'store', name: 'good' }, { action: 'fail' }]);
    await vi.waitFor(async () => {
      expect((await running.stack.queueDepths()).deadLetter.visible).toBe(1);
    }, EVENTUALLY);

    expect(await running.storedNames()).toEqual(['good']);
    expect((await running.stack.queueDepths()).work).toEqual({ visible: 0, inFlight: 0 });
    expect(running.reports().map(({ receiveCounts }) => receiveCounts)).toEqual([['1', '1'], ['2']]);
    expect(running.stack.usage().lambda).toMatchObject({ invocations: 2, failed_invocations: 0 });
  });

  it.each([
    ['a malformed list', { batchItemFailures: 'none' }],
    ['an unknown message', { batchItemFailures: [{ itemIdentifier: 'nobody' }] }],
  ])('keeps the whole batch when the function answers %s', async (_, response) => {
    const running = await start();

    await running.send([{ action: 'respond', response }, { action: 'store' }]);
    await vi.waitFor(
      () => expect(running.logLines.join()).toContain('The batch of 2 messages failed'),
      EVENTUALLY,
    );

    expect((await running.stack.queueDepths()).work).toEqual({ visible: 0, inFlight: 2 });
  });

  it('runs as many environments as it has workers', async () => {
    const running = await start({
      workers: 2,
      definition: impatientService({ work: PATIENT, eventSource: { batchSize: 1 } }),
    });

    await running.send([{ action: 'hang' }]);
    await vi.waitFor(() => expect(running.reports()).toHaveLength(1), EVENTUALLY);
    await running.send([{ action: 'store', name: 'meanwhile' }]);

    await vi.waitFor(async () => expect(await running.storedNames()).toEqual(['meanwhile']), {
      timeout: 3000,
    });
  });
});

describe('the network', () => {
  it('is the loopback interface only', async () => {
    const meter = new UsageMeter(128);
    const emulators = await Promise.all([
      startSqsEmulator({ meter }),
      startDynamoDbEmulator({ table: DEPLOYED.definition.table, meter }),
    ]);

    expect(emulators.map(({ address }) => address.address)).toEqual(['127.0.0.1', '127.0.0.1']);

    await Promise.all(emulators.map((emulator) => emulator.close()));
  });

  it('may break amid a request to the table', async () => {
    const meter = new UsageMeter(128);
    const emulator = await startDynamoDbEmulator({ table: DEPLOYED.definition.table, meter });
    const socket = connect(emulator.address.port, emulator.address.address);
    socket.write('POST / HTTP/1.1\r\nHost: local\r\nContent-Length: 100\r\n\r\n{');
    await vi.waitFor(() => expect(meter.read().dynamodb.requests).toBe(1), EVENTUALLY);
    socket.destroy();
    await once(socket, 'close');

    const response = await fetch(emulator.endpoint);

    expect(await response.text()).toMatch(/^healthy/);
    await emulator.close();
  });
});
