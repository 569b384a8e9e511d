import { setTimeout as delay } from 'node:timers/promises';
import { Cleanup } from './cleanup.ts';
import { createResources } from './create-resources.ts';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { startDynamoDbEmulator } from './dynamodb-emulator.ts';
import { LocalStackError, messageOf } from './errors.ts';
import { EventSourcePoller } from './event-source-poller.ts';
import { clientEnvironment, functionEnvironment } from './function-environment.ts';
import { FunctionRuntime } from './function-runtime.ts';
import { createLocalClients, type LocalClients } from './local-clients.ts';
import { LOCAL_SERVICE } from './resources.ts';
import type { QueueRole, ServiceDefinition } from './service-definition.ts';
import { type QueueDepth, type SqsEmulator, startSqsEmulator } from './sqs-emulator.ts';
import { type Usage, UsageMeter } from './usage.ts';

export interface LocalStackOptions {
  /** The bundle: an ES module that exports `handler`. */
  readonly bundlePath: string;
  readonly definition?: ServiceDefinition;
  /** Folder that keeps queues and table from run to run; without, they live in memory. */
  readonly dataDir?: string;
  /** Execution environments that run at the same time; 1 by default. */
  readonly workers?: number;
  /** Gets what the function prints, and why invocations failed, line by line. */
  readonly onLogLine?: (line: string) => void;
  /** Environment variables of the function, beside or instead of the definition's. */
  readonly functionEnvironment?: Readonly<Record<string, string>>;
}

export interface LocalStackNames {
  readonly tableName: string;
  readonly workQueueUrl: string;
  readonly rejectedQueueUrl: string;
  readonly deadLetterQueueUrl: string;
}

export interface LocalStack {
  /** Environment variables with which any AWS client talks to this stack. */
  readonly environment: Readonly<Record<string, string>>;
  readonly names: LocalStackNames;
  /** Clients of this stack's queues and table, for the process that runs it. */
  readonly clients: LocalClients;
  /** Requests, capacity and invocations so far; setting the stack up is not counted, the poller's requests are. */
  usage(): Usage;
  /** Starts counting from nothing. */
  resetUsage(): void;
  queueDepths(): Promise<Readonly<Record<QueueRole, QueueDepth>>>;
  /** Stops delivering. Resolves when the function has had all that was received and rests. */
  pauseDelivery(): Promise<void>;
  resumeDelivery(): void;
  /**
   * Stops everything and releases ports, threads and files. An invocation gets a few seconds to end and is then
   * abandoned; its messages stay in the queue. Calling it again is harmless.
   */
  stop(): Promise<void>;
}

const REGION = 'us-east-1';
const ACCOUNT_ID = '000000000000';
const MAX_WORKERS = 16;

/** How long stopping waits for invocations that are running. */
const STOP_GRACE_MS = 5_000;

/**
 * Starts the service in this process: queues, table, function and the delivery between them, on the loopback
 * interface only.
 *
 * @throws {LocalStackError} with one line that says what to do about it; nothing keeps running then.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const cleanup = new Cleanup();
  try {
    return await start(options, cleanup);
  } catch (error) {
    await cleanup.run().catch(() => {});
    if (error instanceof LocalStackError) throw error;
    const message = `The local stack cannot start: ${messageOf(error)}`;
    throw new LocalStackError('emulator_failed', message, { cause: error });
  }
}

async function start(options: LocalStackOptions, cleanup: Cleanup): Promise<LocalStack> {
  const definition = options.definition ?? LOCAL_SERVICE;
  const meter = new UsageMeter(definition.function.memoryMegabytes);
  const dataDirectory = options.dataDir === undefined ? undefined : openDataDirectory(options.dataDir);
  cleanup.add(() => dataDirectory?.close());

  const { sqs, clients, environment } = await startEmulators(definition, meter, dataDirectory, cleanup);
  await createResources(definition, clients, (queueName) => arnOf('sqs', queueName));
  const urlOf = (role: QueueRole) => sqs.urlOf(definition.queues[role].name);

  const variables = {
    ...functionEnvironment(definition.function, environment, urlOf),
    ...options.functionEnvironment,
  };
  const runtimes = await startRuntimes(options, definition, variables, cleanup);
  meter.reset();
  const pollers = runtimes.map((runtime) =>
    startPoller(definition, runtime, { sqs, clients, meter, options }),
  );
  cleanup.add(() => stopPollers(pollers, runtimes));

  return {
    environment,
    names: {
      tableName: definition.table.name,
      workQueueUrl: urlOf('work'),
      rejectedQueueUrl: urlOf('rejected'),
      deadLetterQueueUrl: urlOf('deadLetter'),
    },
    clients,
    usage: () => meter.read(),
    resetUsage: () => meter.reset(),
    queueDepths: async () => {
      const depthOf = (role: QueueRole) => sqs.depthOf(definition.queues[role].name);
      return { work: depthOf('work'), rejected: depthOf('rejected'), deadLetter: depthOf('deadLetter') };
    },
    pauseDelivery: async () => {
      await Promise.all(pollers.map((poller) => poller.pause()));
    },
    resumeDelivery: () => {
      for (const poller of pollers) poller.resume();
    },
    stop: () => cleanup.run(),
  };
}

async function startEmulators(
  definition: ServiceDefinition,
  meter: UsageMeter,
  dataDirectory: DataDirectory | undefined,
  cleanup: Cleanup,
) {
  const sqs = await startSqsEmulator({ region: REGION, meter, file: dataDirectory?.queueFile });
  cleanup.add(() => sqs.close());
  const folder = dataDirectory?.tableFolder;
  const dynamodb = await startDynamoDbEmulator({ table: definition.table, meter, folder });
  cleanup.add(() => dynamodb.close());

  const endpoints = { region: REGION, sqsEndpoint: sqs.endpoint, dynamodbEndpoint: dynamodb.endpoint };
  const clients = createLocalClients(endpoints);
  cleanup.add(() => {
    clients.sqs.destroy();
    clients.dynamodb.destroy();
  });
  return { sqs, clients, environment: clientEnvironment(endpoints) };
}

async function startRuntimes(
  options: LocalStackOptions,
  definition: ServiceDefinition,
  variables: Readonly<Record<string, string>>,
  cleanup: Cleanup,
): Promise<readonly FunctionRuntime[]> {
  const workers = Math.min(MAX_WORKERS, Math.max(1, options.workers ?? 1));
  const starts = Array.from({ length: workers }, () =>
    FunctionRuntime.start({
      bundlePath: options.bundlePath,
      functionName: definition.function.name,
      functionArn: arnOf('lambda', `function:${definition.function.name}`),
      memoryMegabytes: definition.function.memoryMegabytes,
      timeoutSeconds: definition.function.timeoutSeconds,
      variables,
      onLogLine: options.onLogLine ?? (() => {}),
    }),
  );
  const results = await Promise.allSettled(starts);
  for (const result of results) {
    if (result.status === 'fulfilled') cleanup.add(() => result.value.stop());
  }
  return await Promise.all(starts);
}

function startPoller(
  definition: ServiceDefinition,
  runtime: FunctionRuntime,
  context: {
    readonly sqs: SqsEmulator;
    readonly clients: LocalClients;
    readonly meter: UsageMeter;
    readonly options: LocalStackOptions;
  },
): EventSourcePoller {
  const { sqs, clients, meter, options } = context;
  const queueName = definition.queues[definition.eventSource.queue].name;
  return new EventSourcePoller({
    client: clients.sqs,
    queueUrl: sqs.urlOf(queueName),
    origin: { queueArn: arnOf('sqs', queueName), region: REGION },
    eventSource: definition.eventSource,
    invoke: async (eventJson) => {
      const outcome = await runtime.invoke(eventJson);
      meter.countInvocation(outcome.durationMs, outcome.status === 'failed');
      return outcome;
    },
    endLongPolls: () => sqs.endLongPolls(queueName),
    onProblem: options.onLogLine ?? (() => {}),
  });
}

async function stopPollers(
  pollers: readonly EventSourcePoller[],
  runtimes: readonly FunctionRuntime[],
): Promise<void> {
  const stopped = Promise.all(pollers.map((poller) => poller.stop()));
  const graceIsOver = new AbortController();
  await Promise.race([
    stopped,
    delay(STOP_GRACE_MS, undefined, { signal: graceIsOver.signal }).catch(() => {}),
  ]);
  graceIsOver.abort();
  // An invocation that is still running ends with its environment, and so does its poller.
  await Promise.all(runtimes.map((runtime) => runtime.stop()));
  await stopped;
}

function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
}
