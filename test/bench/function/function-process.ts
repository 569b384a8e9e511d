import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Profiler } from 'node:inspector';
import { REGION } from '../../../lib/local/account.ts';
import { clientEnvironment, functionEnvironment } from '../../../lib/local/runtime/function-environment.ts';
import { BenchmarkError } from '../benchmark.ts';
import { type Message, toEventJson } from '../messages.ts';
import type { FunctionBuild } from './build.ts';
import type { HostAnswer, HostRequest, Invocation } from './host-protocol.ts';

const TIMEOUT_MS = 60_000;

/** Where all service calls of a function go. */
export interface ServiceStub {
  readonly endpoint: string;
}

/** The function in a process of its own, with its service calls going to the stub. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  /** CPU time of all threads that importing the bundle took, with all that it does at start. */
  importCpuMs = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit').then(([code]) => {
      throw new BenchmarkError(`the function's process ended with ${code}`);
    });
    this.#ended.catch(() => {});
  }

  static async start(build: FunctionBuild, { endpoint }: ServiceStub): Promise<FunctionProcess> {
    const { bundlePath, hostPath, definition, variables } = build;
    const clients = clientEnvironment({
      region: REGION,
      sqsEndpoint: endpoint,
      dynamodbEndpoint: endpoint,
      ssmEndpoint: endpoint,
    });
    const child = fork(hostPath, [bundlePath], {
      env: {
        ...functionEnvironment(definition, clients, (queue) => `${endpoint}/000000000000/${queue}`),
        ...variables,
      },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const started = new FunctionProcess(child);
    started.importCpuMs = (await started.#next('ready')).importCpuMs;
    return started;
  }

  /** @throws {BenchmarkError} unless everything in the batch was stored: other figures would mean nothing */
  async invoke(messages: readonly Message[]): Promise<Invocation> {
    const invocation = await this.invokeWith(toEventJson(messages), TIMEOUT_MS);
    const { batchItemFailures } = JSON.parse(invocation.responseJson) as { batchItemFailures: unknown[] };
    if (batchItemFailures.length > 0) {
      throw new BenchmarkError(`${batchItemFailures.length} of ${messages.length} messages failed`);
    }
    return invocation;
  }

  async invokeWith(eventJson: string, timeoutMs: number): Promise<Invocation> {
    return (await this.#ask({ type: 'invoke', eventJson, timeoutMs }, 'returned')).invocation;
  }

  async startProfile(): Promise<void> {
    await this.#ask({ type: 'start_profile' }, 'profiling');
  }

  async stopProfile(): Promise<Profiler.Profile> {
    return (await this.#ask({ type: 'stop_profile' }, 'profile')).profile;
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    await this.#ended.catch(() => {});
  }

  #ask<Type extends HostAnswer['type']>(request: HostRequest, type: Type) {
    const answer = this.#next(type);
    this.#child.send(request);
    return answer;
  }

  async #next<Type extends HostAnswer['type']>(type: Type): Promise<HostAnswer & { type: Type }> {
    const [answer] = (await Promise.race([once(this.#child, 'message'), this.#ended])) as [HostAnswer];
    if (answer.type === 'failed') throw new BenchmarkError(`the function failed: ${answer.reason}`);
    if (answer.type !== type) throw new BenchmarkError(`expected ${type}, got ${answer.type}`);
    return answer as HostAnswer & { type: Type };
  }
}

/** Runs `use` with a fresh function process and ends it. */
export async function withFunction<Result>(
  build: FunctionBuild,
  stub: ServiceStub,
  use: (functionProcess: FunctionProcess) => Promise<Result>,
): Promise<Result> {
  const started = await FunctionProcess.start(build, stub);
  try {
    return await use(started);
  } finally {
    await started.stop();
  }
}
