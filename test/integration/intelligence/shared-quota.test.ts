import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it, vi } from 'vitest';
import { bundleHandler } from '../../../infra/bundling/bundle-handler.ts';
import { PROVIDER_NAMES, type ProviderName } from '../../../lib/intelligence/providers/provider.ts';
import type { QuotaWindow } from '../../../lib/intelligence/quota/quota.ts';
import { toCreateTableInput } from '../../../lib/local/create-resources.ts';
import { startDynamoDbEmulator } from '../../../lib/local/emulators/dynamodb-emulator.ts';
import {
  type ProviderCall,
  startSimulatedProviders,
} from '../../../lib/local/emulators/simulated-providers.ts';
import { UsageMeter } from '../../../lib/local/metering/usage.ts';
import { scanConnections } from '../../../lib/store/scan-connections.ts';
import { collect } from '../../factories/iterables.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import type { WorkerReport, WorkerTask } from '../../fixtures/intelligence/look-up-worker.ts';
import { IS_LONG } from '../../fixtures/long-tests.ts';

const WORKERS = IS_LONG ? 20 : 5;
const WORKER = fileURLToPath(new URL('../../fixtures/intelligence/look-up-worker.ts', import.meta.url));
/** Windows of a second, and longer than the test, in place of the minute and the day. */
const FIRST_WINDOW = 8;
const BUDGET: readonly QuotaWindow[] = [
  { calls: FIRST_WINDOW, milliseconds: 1_000 },
  { calls: 30, milliseconds: 600_000 },
];
const ADDRESSES = Array.from({ length: 60 }, (_, n) => `23.45.67.${n + 1}`);

/** Many processes on two cores are slow if other work runs too. */
const PATIENCE = { timeout: 240_000, interval: 50 };

async function bundleWorker(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'look-up-worker-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return await bundleHandler(WORKER, join(folder, 'worker.mjs'), { sourcemap: false });
}

interface Worker {
  /** Starts continuous look-ups. */
  run(): void;
  stop(): Promise<WorkerReport>;
  kill(): void;
}

/** Resolves when the worker is ready. */
async function startWorker(path: string, task: WorkerTask): Promise<Worker> {
  const child = fork(path, { execArgv: [] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a worker ended with ${code}`);
  });
  ended.catch(() => {});
  const next = async () => (await Promise.race([once(child, 'message'), ended]))[0] as unknown;
  child.send(task);
  await next();
  return {
    run: () => child.send('run'),
    stop: async () => {
      child.send('stop');
      return (await next()) as WorkerReport;
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** Maximum number of calls in any span of a length. */
function mostWithin(calls: readonly ProviderCall[], milliseconds: number): number {
  const times = calls.map(({ atMs }) => atMs).sort((a, b) => a - b);
  return Math.max(
    0,
    ...times.map((first) => times.filter((at) => at >= first && at - first < milliseconds).length),
  );
}

it(`${WORKERS} processes that share nothing but the table keep to the quota, ask once about an address, and score all`, async () => {
  const calls: ProviderCall[] = [];
  const callsOf = (provider: ProviderName) => calls.filter((call) => call.provider === provider);
  const providers = await startSimulatedProviders({
    latencyMs: 20,
    intercept: (call) => {
      calls.push(call);
      return undefined;
    },
  });
  const { table } = DEPLOYED.definition;
  const meter = new UsageMeter(DEPLOYED.definition.function.memoryMegabytes);
  const dynamodb = await startDynamoDbEmulator({ table, meter });
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: dynamodb.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let workers: readonly Worker[] = [];
  try {
    await client.send(new CreateTableCommand(toCreateTableInput(table)));
    const path = await bundleWorker();
    workers = await Promise.all(
      Array.from({ length: WORKERS }, (_, worker) =>
        startWorker(path, {
          worker,
          endpoint: dynamodb.endpoint,
          tableName: table.name,
          baseUrl: providers.baseUrl,
          budget: BUDGET,
          addresses: ADDRESSES,
        }),
      ),
    );
    for (const worker of workers) worker.run();
    // At least into the second window: an unused quota would never be exceeded.
    await vi.waitFor(() => {
      for (const provider of PROVIDER_NAMES) expect(callsOf(provider).length).toBeGreaterThan(FIRST_WINDOW);
    }, PATIENCE);
    const reports = await Promise.all(workers.map((worker) => worker.stop()));

    for (const provider of PROVIDER_NAMES) {
      const made = callsOf(provider);
      for (const window of BUDGET) {
        expect(mostWithin(made, window.milliseconds)).toBeLessThanOrEqual(window.calls);
      }
      const asked = made.map(({ address }) => address);
      expect(new Set(asked).size).toBe(asked.length);
    }
    const pushed = reports.reduce((sum, report) => sum + report.pushed, 0);
    expect(reports.every((report) => report.failures === 0 && report.stored === report.pushed)).toBe(true);
    const stored = await collect(
      scanConnections({ client: DynamoDBDocumentClient.from(client), tableName: table.name }),
    );
    expect(stored.length).toBe(pushed);
  } finally {
    for (const worker of workers) worker.kill();
    client.destroy();
    await dynamodb.close();
    await providers.close();
  }
}, 300_000);
