import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CoveringTests } from '../choose-tests.ts';
import { applyEdit, type Mutant } from '../mutant.ts';
import type { Result, ResultsFile } from '../results.ts';
import { Runner } from './runner.ts';
import { TestOrder } from './test-order.ts';

/** A mutant and the tests that could kill it. */
export interface Task {
  readonly mutant: Mutant;
  readonly tests: CoveringTests;
}

export interface RunContext {
  readonly root: string;
  readonly workers: number;
  readonly results: ResultsFile;
  /** Is called after each mutant with how many are done. */
  readonly onProgress: (done: number) => void;
}

/** The project's tests fail without any mutant, so that they could tell nothing. */
export class FailingTestsError extends Error {
  override readonly name = 'FailingTestsError';
  readonly code = 'FAILING_TESTS';
}

/** A mutant that takes so much longer than the code itself does not end. */
const DEADLINE_FACTOR = 4;
const DEADLINE_ALLOWANCE_MS = 3_000;
const FIRST_RUN_DEADLINE_MS = 300_000;

/** @throws {FailingTestsError} before any mutant has run */
export async function runMutants(tasks: readonly Task[], context: RunContext): Promise<void> {
  const runners = Array.from({ length: Math.min(context.workers, tasks.length) }, () => new Runner());
  try {
    const order = new TestOrder();
    const deadlines = await measureDeadlines(tasks, runners, order);
    const queue = tasks.values();
    let done = 0;
    await Promise.all(
      runners.map(async (runner) => {
        for (const task of queue) {
          const result = await judge(
            task,
            runner,
            deadlines.get(task.tests.digest) ?? 0,
            order,
            context.root,
          );
          context.results.add(result);
          context.onProgress(++done);
        }
      }),
    );
  } finally {
    for (const runner of runners) runner.stop();
  }
}

/** How long each set of tests may take, by its digest; each runs once on the code as it is. */
async function measureDeadlines(
  tasks: readonly Task[],
  runners: readonly Runner[],
  order: TestOrder,
): Promise<ReadonlyMap<string, number>> {
  const deadlines = new Map<string, number>();
  const distinct = new Map(tasks.map(({ tests }) => [tests.digest, tests]));
  const [first] = distinct.values();
  const sets = distinct.values();
  await Promise.all(
    runners.map(async (runner) => {
      // What is set up for all tests is set up in the first run.
      if (first !== undefined) await runner.run({ tests: first.files }, FIRST_RUN_DEADLINE_MS);
      for (const { digest, files } of sets) {
        const result = await runner.run({ tests: files }, FIRST_RUN_DEADLINE_MS);
        if (!result?.hasPassed) {
          throw new FailingTestsError(`without a mutant: ${result?.failure ?? 'the tests do not end'}`);
        }
        order.noteDurations(result.millisecondsByTest);
        deadlines.set(digest, DEADLINE_FACTOR * result.milliseconds + DEADLINE_ALLOWANCE_MS);
      }
    }),
  );
  return deadlines;
}

async function judge(
  { mutant, tests }: Task,
  runner: Runner,
  deadlineMs: number,
  order: TestOrder,
  root: string,
): Promise<Result> {
  const text = applyEdit(readFileSync(join(root, mutant.file), 'utf8'), mutant);
  const ran = await runner.run(
    { tests: order.order(tests.files), replaced: { file: mutant.file, text } },
    deadlineMs,
  );
  const { key, sourceDigest } = mutant;
  const common = { key, sourceDigest, digest: tests.digest };
  if (ran === undefined) return { ...common, outcome: 'timeout' };
  if (ran.hasPassed) return { ...common, outcome: 'survived' };
  const killer = ran.failure ?? '';
  const [file = ''] = killer.split(':', 1);
  order.noteKill(file);
  return { ...common, outcome: 'killed', killer };
}
