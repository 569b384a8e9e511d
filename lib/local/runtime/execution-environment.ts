import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { IS_BUILT } from '../../files/package-folder.ts';
import { LocalStackError, messageOf } from '../errors.ts';
import type { InvocationMessage, RuntimeMessage, RuntimeSettings } from './runtime-protocol.ts';

export interface ExecutionEnvironmentOptions {
  readonly bundlePath: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** All of the function's environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  readonly onLogLine: (line: string) => void;
}

/** Outcome of an invocation. */
export type InvocationOutcome =
  | { readonly status: 'returned'; readonly response: unknown; readonly durationMs: number }
  | { readonly status: 'failed'; readonly reason: string; readonly durationMs: number };

/** Lambda's limit for initialization is 10 seconds. */
const INITIALIZATION_TIMEOUT_MS = 10_000;

/**
 * An execution environment of the function: a worker thread, which keeps its module state between invocations, runs one
 * at a time, and is killed when it exceeds the function's timeout.
 */
export class ExecutionEnvironment {
  readonly #worker: Worker;
  readonly #options: ExecutionEnvironmentOptions;
  #isAlive = true;

  private constructor(worker: Worker, options: ExecutionEnvironmentOptions) {
    this.#worker = worker;
    this.#options = options;
    worker.on('exit', () => {
      this.#isAlive = false;
    });
    // Nothing else listens between invocations, and an unhandled `error` event would end this process.
    worker.on('error', () => {});
  }

  /** @throws {LocalStackError} `function_initialization_failed` */
  static async start(options: ExecutionEnvironmentOptions): Promise<ExecutionEnvironment> {
    const settings: RuntimeSettings = {
      bundleUrl: pathToFileURL(options.bundlePath).href,
      functionName: options.functionName,
      functionArn: options.functionArn,
      memoryMegabytes: options.memoryMegabytes,
    };
    const worker = new Worker(
      new URL(IS_BUILT ? './runtime-worker.js' : './runtime-worker.ts', import.meta.url),
      {
        workerData: settings,
        env: { ...options.variables },
        execArgv: [],
        stdout: true,
        stderr: true,
        resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes },
      },
    );
    forwardLines(worker.stdout, options.onLogLine);
    forwardLines(worker.stderr, options.onLogLine);
    const environment = new ExecutionEnvironment(worker, options);
    const ending = await environment.#nextEnding(INITIALIZATION_TIMEOUT_MS);
    if (ending.type === 'message' && ending.message.type === 'initialized') return environment;

    await environment.stop();
    const message = `The function cannot start: ${reasonOf(ending, INITIALIZATION_TIMEOUT_MS)}`;
    throw new LocalStackError('function_initialization_failed', message);
  }

  /** False once it has crashed, exited, timed out or been stopped, and has to be replaced. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  async invoke(eventJson: string): Promise<InvocationOutcome> {
    const timeoutMs = this.#options.timeoutSeconds * 1000;
    const invocation: InvocationMessage = { requestId: randomUUID(), eventJson, timeoutMs };
    const startedAt = performance.now();
    const nextEnding = this.#nextEnding(timeoutMs);
    this.#worker.postMessage(invocation);
    const ending = await nextEnding;
    const durationMs = performance.now() - startedAt;

    if (ending.type === 'message' && ending.message.type === 'returned') {
      return { status: 'returned', response: JSON.parse(ending.message.responseJson), durationMs };
    }
    // Like Lambda, kills a sandbox that hangs or crashes. One whose handler merely threw lives on.
    if (ending.type !== 'message') await this.stop();
    const reason = reasonOf(ending, timeoutMs);
    this.#options.onLogLine(logLineOf(invocation.requestId, ending, reason));
    return { status: 'failed', reason, durationMs };
  }

  /** Kills the environment, even during an invocation. */
  async stop(): Promise<void> {
    this.#isAlive = false;
    await this.#worker.terminate();
  }

  /** Resolves with whichever comes first: a message from the runtime, its end, or the timeout. */
  #nextEnding(timeoutMs: number): Promise<Ending> {
    const worker = this.#worker;
    return new Promise((resolve) => {
      const settle = (ending: Ending) => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(ending);
      };
      const onMessage = (message: RuntimeMessage) => settle({ type: 'message', message });
      const onError = (error: unknown) => settle({ type: 'crashed', error });
      const onExit = (exitCode: number) => settle({ type: 'exited', exitCode });
      const timer = setTimeout(() => settle({ type: 'timed_out' }), timeoutMs);
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    });
  }
}

type Ending =
  | { readonly type: 'message'; readonly message: RuntimeMessage }
  | { readonly type: 'crashed'; readonly error: unknown }
  | { readonly type: 'exited'; readonly exitCode: number }
  | { readonly type: 'timed_out' };

function reasonOf(ending: Ending, timeoutMs: number): string {
  switch (ending.type) {
    case 'crashed':
      return `Runtime crashed: ${messageOf(ending.error)}`;
    case 'exited':
      return `Runtime exited with status ${ending.exitCode}`;
    case 'timed_out':
      return `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    case 'message':
      if ('error' in ending.message)
        return `${ending.message.error.errorType}: ${ending.message.error.errorMessage}`;
      return `Runtime answered ${ending.message.type} out of turn`;
  }
}

/** The line that Lambda's runtime logs for a failed invocation. */
function logLineOf(requestId: string, ending: Ending, reason: string): string {
  const isThrown = ending.type === 'message' && ending.message.type === 'threw';
  if (!isThrown) return `${requestId} ${reason}`;
  return `${requestId} ERROR Invoke Error ${JSON.stringify(ending.message.error)}`;
}

function forwardLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}
