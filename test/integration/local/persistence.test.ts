import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChangeMessageVisibilityCommand, ReceiveMessageCommand, TagQueueCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLocalStack } from '../../../lib/local/stack.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import {
  bundleFixture,
  createTemporaryFolder,
  impatientService,
  type LocalService,
  startLocalService,
} from '../../fixtures/local/local-service.ts';

const EVENTUALLY = { timeout: 8000, interval: 20 };

let bundlePath: string;
let dataDir: string;
let service: LocalService | undefined;

beforeAll(async () => {
  bundlePath = await bundleFixture('scripted-handler');
});

beforeEach(() => {
  dataDir = createTemporaryFolder();
});

afterEach(async () => {
  await service?.stop();
  service = undefined;
});

/** A message in flight stays hidden for minutes, as in AWS. */
const DEFINITION = impatientService({ work: DEPLOYED.definition.queues.work });

async function start(): Promise<LocalService> {
  service = await startLocalService({ bundlePath, dataDir, definition: DEFINITION });
  return service;
}

async function restart(): Promise<LocalService> {
  await service?.stop();
  return await start();
}

describe('a data directory', () => {
  it('keeps items and messages, and shows messages that were in flight at once', async () => {
    const before = await start();
    await before.send([{ action: 'store', name: 'stored' }]);
    await vi.waitFor(async () => expect(await before.storedNames()).toEqual(['stored']), EVENTUALLY);
    await before.stack.pauseDelivery();
    await before.send([
      { action: 'store', name: 'in-flight' },
      { action: 'store', name: 'waiting' },
    ]);
    await before.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: before.stack.names.workQueueUrl, MaxNumberOfMessages: 1 }),
    );
    expect((await before.stack.queueDepths()).work).toEqual({ visible: 1, inFlight: 1 });

    const after = await restart();
    await vi.waitFor(async () => {
      expect(await after.storedNames()).toEqual(['in-flight', 'stored', 'waiting']);
    }, EVENTUALLY);
    await vi.waitFor(async () => {
      expect((await after.stack.queueDepths()).work).toEqual({ visible: 0, inFlight: 0 });
    }, EVENTUALLY);

    await vi.waitFor(
      () => expect(after.reports()[0]?.receiveCounts.toSorted()).toEqual(['1', '2']),
      EVENTUALLY,
    );
  });

  it('survives tagging a queue and giving a message back', async () => {
    const before = await start();
    await before.stack.pauseDelivery();
    await before.send([{ action: 'store', name: 'kept' }]);
    const QueueUrl = before.stack.names.workQueueUrl;
    const { Messages } = await before.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
    await before.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
    );
    await before.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'security' } }));

    const after = await restart();

    await vi.waitFor(async () => expect(await after.storedNames()).toEqual(['kept']), EVENTUALLY);
  });

  it('is refused to a second stack', async () => {
    await start();

    await expect(startLocalStack({ ...DEPLOYED, bundlePath, dataDir })).rejects.toMatchObject({
      code: 'data_directory_locked',
      message: `The data directory ${dataDir} is in use by another local stack.`,
    });
  });

  it('must be a directory', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');

    await expect(startLocalStack({ ...DEPLOYED, bundlePath, dataDir: file })).rejects.toMatchObject({
      code: 'data_directory_unusable',
      message: `The data directory ${file} is not a directory.`,
    });
  });

  it('must be possible to create', async () => {
    writeFileSync(join(dataDir, 'file'), '');

    await expect(
      startLocalStack({ ...DEPLOYED, bundlePath, dataDir: join(dataDir, 'file', 'below') }),
    ).rejects.toMatchObject({
      code: 'data_directory_unusable',
      message: expect.stringMatching(/^The data directory .* cannot be used: .*$/),
    });
  });

  it('loses nothing when the process is killed', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `item-${String(i).padStart(2, '0')}`);
    const script = fileURLToPath(new URL('../../fixtures/local/doomed-stack.ts', import.meta.url));
    const child = spawn(process.execPath, [script, bundlePath, dataDir, ...names]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const survivor = await start();

    await vi.waitFor(async () => expect(await survivor.storedNames()).toEqual(names), EVENTUALLY);
  });
});
