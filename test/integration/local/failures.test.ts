import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startLocalStack } from '../../../lib/local/stack.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import {
  type Fault,
  type FaultProxy,
  internalServerError,
  processOnly,
  startFaultProxy,
  throttled,
} from '../../fixtures/local/fault-proxy.ts';
import {
  bundleFixture,
  impatientService,
  type LocalService,
  startLocalService,
} from '../../fixtures/local/local-service.ts';
import type { Script } from '../../fixtures/local/scripted-handler.ts';

const EVENTUALLY = { timeout: 8000, interval: 20 };

let bundlePath: string;
let service: LocalService | undefined;

beforeAll(async () => {
  bundlePath = await bundleFixture('scripted-handler');
});

afterEach(async () => {
  await service?.stop();
  service = undefined;
});

describe('an invocation that fails', () => {
  it.each<[Script['action'], RegExp, number]>([
    ['throw', /Invoke Error .*TypeError.*scripted failure/, 2],
    ['crash', /Runtime crashed: scripted crash/, 1],
    ['exit', /Runtime exited with status 3/, 1],
    ['hang', /Task timed out after 1\.00 seconds/, 1],
  ])('by %s keeps its messages and leaves a function that works', async (action, reason, nextInvocation) => {
    service = await startLocalService({
      bundlePath,
      definition: impatientService({
        function: { timeoutSeconds: 1 },
        work: { visibilityTimeoutSeconds: 30 },
        eventSource: { batchSize: 1 },
      }),
    });
    const { stack, logLines, send, reports, storedNames } = service;

    await send([{ action }]);
    await vi.waitFor(() => expect(logLines.join('\n')).toMatch(reason), EVENTUALLY);
    await send([{ action: 'store', name: 'next' }]);
    await vi.waitFor(async () => expect(await storedNames()).toEqual(['next']), EVENTUALLY);

    await vi.waitFor(async () => {
      expect((await stack.queueDepths()).work).toEqual({ visible: 0, inFlight: 1 });
    }, EVENTUALLY);
    expect(stack.usage().lambda).toMatchObject({ invocations: 2, failed_invocations: 1 });
    // Module state shows whether the environment is the old one, which only survives if the handler threw.
    expect(reports().at(-1)?.invocation).toBe(nextInvocation);
  });
});

describe('a stack that cannot start', () => {
  it('says in one line what the function says', async () => {
    const misconfigured = await bundleFixture('misconfigured-handler');

    await expect(startLocalStack({ ...DEPLOYED, bundlePath: misconfigured })).rejects.toMatchObject({
      name: 'LocalStackError',
      code: 'function_initialization_failed',
      message: 'The function cannot start: Error: the environment variable EXAMPLE is missing',
    });
  });

  it('misses the bundle', async () => {
    await expect(startLocalStack({ ...DEPLOYED, bundlePath: '/nowhere/index.mjs' })).rejects.toMatchObject({
      code: 'function_initialization_failed',
      message: expect.stringContaining('/nowhere/index.mjs'),
    });
  });
});

describe('a stack that stops', () => {
  it('ends amid an invocation, within its grace, and may be stopped twice', async () => {
    service = await startLocalService({
      bundlePath,
      definition: impatientService({ function: { timeoutSeconds: 60 } }),
    });
    const { stack, send, reports } = service;
    await send([{ action: 'hang' }]);
    await vi.waitFor(() => expect(reports()).toHaveLength(1), EVENTUALLY);

    const startedAt = performance.now();
    await Promise.all([stack.stop(), stack.stop()]);

    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});

describe('a table that misbehaves', () => {
  let proxy: FaultProxy | undefined;

  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });

  /** Starts a service whose function reaches the table through a proxy that fails the first writes. */
  async function startBehindProxy(faults: readonly ((body: unknown) => Fault)[]): Promise<LocalService> {
    let target = '';
    // The proxy must exist before the function, and the table before the proxy is used.
    const lateTarget = {
      get target() {
        return target;
      },
      intercept: (operation: string, body: unknown, callNumber: number) =>
        operation === 'BatchWriteItem' ? faults[callNumber - 1]?.(body) : undefined,
    };
    proxy = await startFaultProxy(lateTarget);
    service = await startLocalService({
      bundlePath,
      definition: impatientService({ function: { timeoutSeconds: 2 } }),
      functionEnvironment: { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint },
    });
    target = service.stack.environment.AWS_ENDPOINT_URL_DYNAMODB ?? '';
    return service;
  }

  it.each<[string, readonly (() => Fault)[], number]>([
    ['throttles', [throttled, throttled], 3],
    ['has an internal error', [internalServerError, internalServerError], 3],
    ['cuts connections', [() => 'drop', () => 'drop'], 3],
    ['hangs', [() => 'hang'], 2],
  ])('%s: the message is delivered again', async (_, faults, calls) => {
    const running = await startBehindProxy(faults);

    await running.send([{ action: 'store', name: 'late' }]);
    await vi.waitFor(async () => expect(await running.storedNames()).toEqual(['late']), EVENTUALLY);

    expect(proxy?.callsOf('BatchWriteItem')).toBe(calls);
    await vi.waitFor(() => {
      expect(running.stack.usage().lambda).toMatchObject({ invocations: 2, failed_invocations: 1 });
    }, EVENTUALLY);
  });

  it('leaves items unprocessed, which are neither stored nor charged', async () => {
    const running = await startBehindProxy([(body) => processOnly(body, 1)]);

    await running.send([
      { action: 'store', name: 'first' },
      { action: 'store', name: 'second' },
    ]);
    await vi.waitFor(() => expect(running.reports()).toHaveLength(1), EVENTUALLY);
    await vi.waitFor(() => expect(running.stack.usage().dynamodb.write_units).toBe(1), EVENTUALLY);

    expect(await running.storedNames()).toEqual(['first']);
  });
});
