import { setTimeout as delay } from 'node:timers/promises';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { arnOf, REGION } from '../account.ts';
import type { SqsEmulator } from '../emulators/sqs-emulator.ts';
import type { UsageMeter } from '../metering/usage.ts';
import type { ExecutionEnvironmentOptions, InvocationOutcome } from '../runtime/execution-environment.ts';
import { FunctionRuntime } from '../runtime/function-runtime.ts';
import type { ConsumerDefinition } from '../template/service-definition.ts';
import { EventSourcePoller } from './event-source-poller.ts';

export interface DeliveryOptions {
  readonly consumer: ConsumerDefinition;
  /** All of the function's environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Number of concurrent execution environments, all started at once. By default there is one, started by the first
   * message.
   */
  readonly workers?: number;
  readonly sqs: SqsEmulator;
  readonly client: SQSClient;
  readonly meter: UsageMeter;
  readonly onLogLine: (line: string) => void;
  readonly onInvocation: (functionName: string, outcome: InvocationOutcome) => void;
}

/** The function and its pollers: one for each execution environment. */
export class Delivery {
  readonly #runtimes: readonly FunctionRuntime[];
  readonly #pollers: readonly EventSourcePoller[];
  #isPaused = false;

  private constructor(options: DeliveryOptions, runtimes: readonly FunctionRuntime[]) {
    this.#runtimes = runtimes;
    this.#pollers = runtimes.map((runtime) => startPoller(options, runtime));
  }

  /** @throws {LocalStackError} `function_initialization_failed` */
  static async start(options: DeliveryOptions): Promise<Delivery> {
    return new Delivery(options, await startRuntimes(options));
  }

  /** Whether delivery is paused, like a disabled event source mapping. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  async pause(): Promise<void> {
    this.#isPaused = true;
    await Promise.all(this.#pollers.map((poller) => poller.pause()));
  }

  resume(): void {
    this.#isPaused = false;
    for (const poller of this.#pollers) poller.resume();
  }

  /** Stops receiving, and abandons invocations still running after the grace period. */
  async stop(graceSeconds: number): Promise<void> {
    const stopped = Promise.all(this.#pollers.map((poller) => poller.stop()));
    const graceOver = new AbortController();
    const grace = delay(graceSeconds * 1000, undefined, { signal: graceOver.signal }).catch(() => {});
    await Promise.race([stopped, grace]);
    graceOver.abort();
    // A running invocation ends with its environment, and its poller after that.
    await Promise.all(this.#runtimes.map((runtime) => runtime.stop()));
    await stopped;
  }
}

/** Starts all environments, or none: if one fails, the others are stopped again. */
async function startRuntimes(options: DeliveryOptions): Promise<readonly FunctionRuntime[]> {
  const { consumer, variables, workers, meter } = options;
  const { name, memoryMegabytes, timeoutSeconds } = consumer.function;
  const settings: ExecutionEnvironmentOptions = {
    bundlePath: consumer.bundlePath,
    variables,
    onLogLine: (line) => {
      meter.addLogBytes(Buffer.byteLength(line) + 1);
      options.onLogLine(line);
    },
    functionName: name,
    functionArn: arnOf('lambda', `function:${name}`),
    memoryMegabytes,
    timeoutSeconds,
  };
  if (workers === undefined) return [FunctionRuntime.onDemand(settings)];
  const starts = Array.from({ length: workers }, () => FunctionRuntime.start(settings));
  try {
    return await Promise.all(starts);
  } catch (error) {
    const settled = await Promise.allSettled(starts);
    await Promise.all(settled.map((start) => start.status === 'fulfilled' && start.value.stop()));
    throw error;
  }
}

function startPoller(options: DeliveryOptions, runtime: FunctionRuntime): EventSourcePoller {
  const { consumer, sqs, client, meter, onLogLine, onInvocation } = options;
  const queueName = consumer.eventSource.queue;
  const { name, memoryMegabytes } = consumer.function;
  return new EventSourcePoller({
    client,
    queueUrl: sqs.urlOf(queueName),
    origin: { queueArn: arnOf('sqs', queueName), region: REGION },
    eventSource: consumer.eventSource,
    invoke: async (eventJson) => {
      const outcome = await runtime.invoke(eventJson);
      meter.countInvocation(outcome.durationMs, outcome.status === 'failed', memoryMegabytes);
      onInvocation(name, outcome);
      return outcome;
    },
    endLongPolls: () => sqs.endLongPolls(queueName),
    onProblem: onLogLine,
  });
}
