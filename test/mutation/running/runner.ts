import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { TestRun, TestRunResult } from './protocol.ts';

const PROGRAM = join(import.meta.dirname, 'runner-process.ts');
/** Vitest keeps something of each run: a new process now and then keeps memory bounded. */
const RUNS_PER_PROCESS = 400;
const START_DEADLINE_MS = 120_000;

export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly code = 'RUNNER';
}

/** Runs tests one after the other in a process of its own, which is replaced when it hangs or dies. */
export class Runner {
  #child: ChildProcess | undefined;
  #runs = 0;

  /**
   * @returns the result, or `undefined` when the tests did not end in time
   * @throws {RunnerError} when Vitest cannot be started
   */
  async run(run: TestRun, deadlineMs: number): Promise<TestRunResult | undefined> {
    if (this.#runs++ % RUNS_PER_PROCESS === 0) this.stop();
    this.#child ??= await start();
    const child = this.#child;
    child.send(run);
    const answer = await nextMessage(child, deadlineMs);
    if (answer === 'exited') {
      this.stop();
      return {
        hasPassed: false,
        failure: 'the process of the tests died',
        milliseconds: 0,
        millisecondsByTest: {},
      };
    }
    if (answer === 'late') {
      this.stop();
      return undefined;
    }
    return answer as TestRunResult;
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

async function start(): Promise<ChildProcess> {
  const child = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = `${complaints}${text}`.slice(-2_000);
  });
  const answer = await nextMessage(child, START_DEADLINE_MS);
  if (answer === 'ready') return child;
  child.kill('SIGKILL');
  throw new RunnerError(`Vitest did not start: ${complaints.trim() || answer}`);
}

/** The process's next message, `exited` when it ends instead, or `late`. */
function nextMessage(child: ChildProcess, deadlineMs: number): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const onExit = () => resolve('exited');
  const timer = setTimeout(() => resolve('late'), deadlineMs);
  child.once('message', resolve).once('exit', onExit);
  return promise.finally(() => {
    clearTimeout(timer);
    child.off('message', resolve).off('exit', onExit);
  });
}
