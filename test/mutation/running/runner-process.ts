import { join } from 'node:path';
import { createVitest, type TestModule, type Vitest } from 'vitest/node';
import vitestConfig from '../../../vitest.config.ts';
import type { TestRun, TestRunResult } from './protocol.ts';

/** The tests most likely to notice come first, and the run ends with the first that does. */
class InGivenOrder {
  sort<T>(specifications: T[]): T[] {
    return specifications;
  }
  shard<T>(specifications: T[]): T[] {
    return specifications;
  }
}

/**
 * A process that keeps Vitest warm and runs tests on request: starting it takes seconds, a run a fraction of one. The
 * tests run in a thread, so that whoever ends the process ends an endless loop with it.
 */

const ROOT = join(import.meta.dirname, '../../..');
let replaced: TestRun['replaced'];
const vitest = await start();
process.on('message', (run: TestRun) => void runTests(vitest, run).then((result) => process.send?.(result)));
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function start(): Promise<Vitest> {
  const { projects = [], ...shared } = vitestConfig.test ?? {};
  const [unit] = projects as ReadonlyArray<{ readonly test: { readonly setupFiles: string } }>;
  const options = {
    ...shared,
    root: ROOT,
    config: false as const,
    watch: false,
    include: ['test/**/*.test.ts'],
    setupFiles: [unit?.test.setupFiles ?? '', 'test/mutation/running/stop-at-first-failure.ts'],
    pool: 'threads' as const,
    fileParallelism: false,
    maxWorkers: 1,
    bail: 1,
    reporters: [{}],
    // What is cached beyond a run would keep a mutant from being seen.
    fsModuleCache: false,
    sequence: { sequencer: InGivenOrder },
  };
  return await createVitest('test', options, {
    plugins: [
      {
        name: 'replace-one-file',
        enforce: 'pre',
        transform: (_, id) =>
          replaced !== undefined && id === join(ROOT, replaced.file) ? replaced.text : undefined,
      },
    ],
  });
}

async function runTests(vitest: Vitest, run: TestRun): Promise<TestRunResult> {
  const startedAt = performance.now();
  for (const changed of [replaced, run.replaced]) {
    if (changed !== undefined) vitest.invalidateFile(join(ROOT, changed.file));
  }
  replaced = run.replaced;
  const project = vitest.getRootProject();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
    run.tests.map((test) => project.createSpecification(join(ROOT, test))),
  );
  const failure =
    testModules.flatMap(findFailure)[0] ?? (unhandledErrors.length > 0 ? 'unhandled error' : undefined);
  return {
    hasPassed: failure === undefined,
    ...(failure !== undefined && { failure }),
    milliseconds: performance.now() - startedAt,
    millisecondsByTest: Object.fromEntries(
      testModules.map((module) => [module.relativeModuleId, durationOf(module)]),
    ),
  };
}

function durationOf(module: TestModule): number {
  const { collectDuration, setupDuration, duration } = module.diagnostic();
  return collectDuration + setupDuration + duration;
}

function findFailure(module: TestModule): string[] {
  if (module.state() !== 'failed') return [];
  const [failed] = module.children.allTests('failed');
  return [`${module.relativeModuleId}: ${failed?.fullName ?? module.errors()[0]?.message ?? 'failed'}`];
}
