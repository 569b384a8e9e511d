import { arnOf, REGION } from './account.ts';
import type { AlarmState } from './alarms/alarm-state.ts';
import type { Notification } from './alarms/notifications.ts';
import { Cleanup } from './cleanup.ts';
import { type ChooseSettings, createResources, queuesOf } from './create-resources.ts';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { Delivery } from './delivery/delivery.ts';
import { sendMessage } from './delivery/message-queue.ts';
import { startCloudWatchEmulator } from './emulators/cloudwatch-emulator.ts';
import { startDynamoDbEmulator } from './emulators/dynamodb-emulator.ts';
import { type PutEvent, startEventBridgeEmulator } from './emulators/eventbridge-emulator.ts';
import { startLambdaEmulator } from './emulators/lambda-emulator.ts';
import type { ParameterChange } from './emulators/parameter-store.ts';
import { objectEvent, type PutObject } from './emulators/s3-buckets.ts';
import { startSnsEmulator } from './emulators/sns-emulator.ts';
import { type QueueDepth, startSqsEmulator } from './emulators/sqs-emulator.ts';
import { startSsmEmulator } from './emulators/ssm-emulator.ts';
import { LocalStackError, messageOf } from './errors.ts';
import { EventFunctions } from './events/event-functions.ts';
import type { TargetServices } from './events/event-router.ts';

import type { Secrets } from './events/secrets.ts';
import { createLocalClients, type LocalClients } from './local-clients.ts';
import { type Usage, UsageMeter } from './metering/usage.ts';
import { Monitoring } from './monitoring.ts';
import type { InvocationOutcome } from './runtime/execution-environment.ts';
import { clientEnvironment, functionEnvironment } from './runtime/function-environment.ts';
import type {
  FunctionDefinition,
  QueueRole,
  ServiceDefinition,
  WatchDefinition,
} from './template/service-definition.ts';

export interface LocalStackOptions {
  /** The bundle: an ES module that exports `handler`. */
  readonly bundlePath: string;
  /** What to create; `deployedService` reads it from the templates, with the bundle. */
  readonly definition: ServiceDefinition;
  /**
   * Says what the settings are before the function starts, given what they are from an earlier run. Without, they stay
   * as they are, or not set, so that the definition's initial ones are in force.
   */
  readonly settings?: ChooseSettings;
  /** Works on the stack before the function starts: stores keys of providers, say. */
  readonly prepare?: (clients: LocalClients) => Promise<void>;
  /** Folder that keeps queues, table and settings from run to run; without, they live in memory. */
  readonly dataDir?: string;
  /** Port of the queues; the other services follow on the next ones. Any free ones without. */
  readonly firstPort?: number;
  /** Execution environments that run at the same time; 1 by default. */
  readonly workers?: number;
  /** Gets what the function prints, and why invocations failed, line by line. */
  readonly onLogLine?: (line: string) => void;
  /** Environment variables of the function, beside or instead of the definition's. */
  readonly functionEnvironment?: Readonly<Record<string, string>>;
  /** Environment variables of all other functions, beside or instead of the definition's. */
  readonly otherEnvironment?: Readonly<Record<string, string>>;
  /**
   * The time by which alarms are evaluated, schedules run and settings are dated, epoch milliseconds; alarms are
   * evaluated, and schedules looked at, only when asked then. Without, it is the system's, and that is each minute.
   */
  readonly clock?: () => number;
  /** Gets what topics are told of. */
  readonly onNotification?: (notification: Notification) => void;
  /** Gets what was put on buses. */
  readonly onEvent?: (put: PutEvent) => void;
  /** Secrets of Secrets Manager by name, for connections of webhooks that refer to them. */
  readonly secrets?: Secrets;
  /** How long stopping waits for invocations that are running before it abandons them; 5 by default. */
  readonly stopGraceSeconds?: number;
}

export interface LocalStackNames {
  readonly tableName: string;
  readonly workQueueUrl: string;
  readonly rejectedQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly settingsParameter: string;
  readonly initialSettingsParameter: string;
  readonly scoringFunction: string;
  readonly eventSource: string;
  /** These are undefined if the definition has none. */
  readonly rollbackAlarm: string | undefined;
  readonly rollbackFunction: string | undefined;
  readonly rollbackRule: string | undefined;
  readonly alarmTopic: string | undefined;
  readonly rollbackFailuresQueueUrl: string | undefined;
  readonly logBucket: string | undefined;
  readonly ingestQueueUrl: string | undefined;
  readonly ingestDeadLetterQueueUrl: string | undefined;
}

export interface LocalStack {
  /** Environment variables with which any AWS client talks to this stack. */
  readonly environment: Readonly<Record<string, string>>;
  readonly names: LocalStackNames;
  /** Clients of this stack's queues, table and settings, for the process that runs it. */
  readonly clients: LocalClients;
  /** Requests, capacity and invocations so far; setting the stack up is not counted, the poller's requests are. */
  usage(): Usage;
  /** Starts counting from nothing. */
  resetUsage(): void;
  queueDepths(): Promise<Readonly<Record<QueueRole, QueueDepth>>>;
  /** How many messages any queue of the deployment holds, by its name. */
  queueDepth(queueName: string): QueueDepth;
  /** Names of the queues for events that a target did not take. */
  readonly undeliveredQueues: readonly string[];
  /** Whether functions beside the one that scores have messages to work on. */
  areConsumersBusy(): boolean;
  /** Everything that topics were told of so far. */
  readonly notifications: readonly Notification[];
  /** State of an alarm by its name; undefined if there is none. */
  alarmState(name: string): AlarmState | undefined;
  /** Evaluates all alarms and runs what is due. Resolves when what that sets off has been done. */
  evaluateAlarms(): Promise<void>;
  /** Rejects when the data directory can no longer be written; never resolves. */
  readonly failed: Promise<never>;
  /** Stops delivering. Resolves when the function has had all that was received and rests. */
  pauseDelivery(): Promise<void>;
  resumeDelivery(): void;
  /**
   * Stops everything and releases ports, threads and files. An invocation that is not over within the grace is
   * abandoned; its messages stay in the queue. Calling it again is harmless.
   */
  stop(): Promise<void>;
}

const MAX_WORKERS = 16;

const DEFAULT_STOP_GRACE_SECONDS = 5;

/** What SNS writes over a notification that came without a subject. */
const EVENT_SUBJECT = 'AWS Notification Message';

/**
 * Starts the service in this process: queues, table, settings, function and the delivery between them, on the loopback
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
  const { definition } = options;
  const meter = new UsageMeter(definition.function.memoryMegabytes);
  const dataDirectory = options.dataDir === undefined ? undefined : openDataDirectory(options.dataDir);
  cleanup.add(() => dataDirectory?.close());

  const notifications: Notification[] = [];
  const onNotification = (notification: Notification) => {
    notifications.push(notification);
    options.onNotification?.(notification);
  };
  const onLogLine = options.onLogLine ?? (() => {});
  const monitoring = new Monitoring({
    definition: definition.watch,
    clock: options.clock,
    onNotification,
    onProblem: onLogLine,
  });
  // Nothing is put into a bucket before somebody knows where it is.
  let onObject: (object: PutObject) => void = () => {};
  const { sqs, dynamodb, ssm } = await startEmulators(options, meter, dataDirectory, cleanup, {
    onParameterChange: (change) => monitoring.parameterChanged(change),
    onObject: (object) => onObject(object),
  });
  const portOf = portsFrom(options.firstPort);
  const watching = await startWatchingServices(definition.watch, monitoring, onNotification, portOf, cleanup);
  const eventBridge = await startEventBridgeEmulator(
    definition.watch.buses,
    (put) => {
      meter.countEvent(Buffer.byteLength(JSON.stringify(put.event)));
      options.onEvent?.(put);
      monitoring.eventPut(put.bus, put.event);
    },
    portOf('eventbridge'),
  );
  cleanup.add(() => eventBridge.close());
  let delivery: Delivery | undefined;
  const lambda = await startLambdaEmulator(
    {
      uuid: definition.eventSource.name,
      functionArn: arnOf('lambda', `function:${definition.function.name}`),
      queueArn: arnOf('sqs', definition.eventSource.queue),
      isEnabled: () => delivery?.isPaused === false,
    },
    portOf('lambda'),
  );
  cleanup.add(() => lambda.close());
  const endpoints = {
    region: REGION,
    sqsEndpoint: sqs.endpoint,
    dynamodbEndpoint: dynamodb.endpoint,
    ssmEndpoint: ssm.endpoint,
    lambdaEndpoint: lambda.endpoint,
    eventBridgeEndpoint: eventBridge.endpoint,
    ...watching,
  };
  const environment = clientEnvironment(endpoints);
  const clients = openClients(endpoints, cleanup);
  const { settings = (current) => current } = options;
  await createResources(definition, clients, (queueName) => arnOf('sqs', queueName), settings);
  await options.prepare?.(clients);
  const urlOf = (role: QueueRole) => sqs.urlOf(definition.queues[role].name);

  const variablesOf = (each: FunctionDefinition) => ({
    ...functionEnvironment(each, environment, sqs.urlOf),
    ...options.otherEnvironment,
  });
  const onPrinted = (line: string) => {
    monitoring.readLogLine(line);
    onLogLine(line);
  };
  const onInvocation = (functionName: string, outcome: InvocationOutcome) =>
    monitoring.countInvocation(functionName, outcome);
  const common = { sqs, client: clients.sqs, meter, onLogLine: onPrinted, onInvocation };
  const started = await Delivery.start({
    ...common,
    consumer: { ...definition, bundlePath: options.bundlePath },
    variables: {
      ...functionEnvironment(definition.function, environment, sqs.urlOf),
      ...options.functionEnvironment,
    },
    workers: Math.min(MAX_WORKERS, Math.max(1, options.workers ?? 1)),
  });
  meter.reset();
  delivery = started;
  const graceSeconds = options.stopGraceSeconds ?? DEFAULT_STOP_GRACE_SECONDS;
  cleanup.add(() => started.stop(graceSeconds));
  for (const consumer of definition.consumers) {
    const consuming = await Delivery.start({
      ...common,
      consumer,
      variables: variablesOf(consumer.function),
    });
    cleanup.add(() => consuming.stop(graceSeconds));
  }

  for (const { name } of definition.buckets) sqs.createBucket(name);
  onObject = (object) => {
    const bucket = definition.buckets.find(({ name }) => name === object.bucket);
    if (bucket === undefined) return;
    sendMessage(clients.sqs, sqs.urlOf(bucket.queue), objectEvent(object, REGION)).catch((error: unknown) =>
      onLogLine(messageOf(error)),
    );
  };
  const functions = new EventFunctions({
    rules: definition.watch.rules,
    variablesOf,
    onLogLine: onPrinted,
    onInvocation,
    onFailure: (queueName, message) => sendMessage(clients.sqs, sqs.urlOf(queueName), message),
  });
  const targets: TargetServices = {
    invoke: (functionName, event) => functions.invoke(functionName, event),
    send: (queueName, body, attributes) => sendMessage(clients.sqs, sqs.urlOf(queueName), body, attributes),
    publish: (topic, message) => onNotification({ topic, subject: EVENT_SUBJECT, message }),
    secrets: options.secrets ?? {},
  };
  monitoring.start({
    queues: queuesOf(definition).map(({ name }) => name),
    figuresOf: (queueName) => sqs.figuresOf(queueName),
    targets,
  });
  // An event that is being handled would hold up the end: it is put aside instead.
  cleanup.add(() => Promise.all([monitoring.stop(), functions.stop()]));
  return {
    environment,
    names: {
      tableName: definition.table.name,
      workQueueUrl: urlOf('work'),
      rejectedQueueUrl: urlOf('rejected'),
      deadLetterQueueUrl: urlOf('deadLetter'),
      settingsParameter: definition.settingsParameter,
      initialSettingsParameter: definition.initialSettings.name,
      scoringFunction: definition.function.name,
      eventSource: definition.eventSource.name,
      rollbackAlarm: definition.watch.rollbackAlarm,
      rollbackFunction: definition.watch.rollbackFunction,
      rollbackRule: definition.watch.rollbackRule,
      alarmTopic: definition.watch.alarmTopic,
      rollbackFailuresQueueUrl:
        definition.watch.rollbackFailures && sqs.urlOf(definition.watch.rollbackFailures),
      ...namesOfLogFiles(definition, sqs.urlOf),
    },
    clients,
    usage: () => meter.read(),
    resetUsage: () => meter.reset(),
    queueDepths: async () => {
      const depthOf = (role: QueueRole) => sqs.depthOf(definition.queues[role].name);
      return { work: depthOf('work'), rejected: depthOf('rejected'), deadLetter: depthOf('deadLetter') };
    },
    queueDepth: (queueName) => sqs.depthOf(queueName),
    undeliveredQueues: definition.watch.rules.flatMap(({ targets }) =>
      targets.flatMap(({ failures }) => failures ?? []),
    ),
    areConsumersBusy: () =>
      definition.consumers.some(({ eventSource }) => {
        const { visible, inFlight } = sqs.depthOf(eventSource.queue);
        return visible + inFlight > 0;
      }),
    notifications,
    alarmState: (name) => monitoring.watch.stateOf(name)?.value,
    evaluateAlarms: () => monitoring.evaluate(),
    failed: sqs.failed ?? new Promise<never>(() => {}),
    pauseDelivery: () => started.pause(),
    resumeDelivery: () => started.resume(),
    stop: () => cleanup.run(),
  };
}

/** In the order of their ports. */
const EMULATED_SERVICES = ['sqs', 'dynamodb', 'ssm', 'sns', 'cloudwatch', 'lambda', 'eventbridge'] as const;
type EmulatedService = (typeof EMULATED_SERVICES)[number];

function portsFrom(firstPort: number | undefined): (service: EmulatedService) => number | undefined {
  return (service) => firstPort && firstPort + EMULATED_SERVICES.indexOf(service);
}

interface EmulatorListeners {
  readonly onParameterChange: (change: ParameterChange) => void;
  readonly onObject: (object: PutObject) => void;
}

/** The bucket for log files, the queue that it tells of them, and where those are put aside that can't be read. */
function namesOfLogFiles(
  { buckets: [bucket], furtherQueues }: ServiceDefinition,
  urlOf: (queueName: string) => string,
): Pick<LocalStackNames, 'logBucket' | 'ingestQueueUrl' | 'ingestDeadLetterQueueUrl'> {
  const redrive = furtherQueues.find(({ name }) => name === bucket?.queue)?.redrive;
  return {
    logBucket: bucket?.name,
    ingestQueueUrl: bucket && urlOf(bucket.queue),
    ingestDeadLetterQueueUrl: redrive && urlOf(redrive.deadLetterQueue),
  };
}

async function startEmulators(
  { definition, clock, firstPort }: LocalStackOptions,
  meter: UsageMeter,
  dataDirectory: DataDirectory | undefined,
  cleanup: Cleanup,
  { onParameterChange, onObject }: EmulatorListeners,
) {
  const portOf = portsFrom(firstPort);
  const sqs = await startSqsEmulator({
    meter,
    file: dataDirectory?.queueFile,
    objectFolder: dataDirectory?.objectFolder,
    onObject,
    port: portOf('sqs'),
  });
  cleanup.add(() => sqs.close());
  const folder = dataDirectory?.tableFolder;
  const dynamodb = await startDynamoDbEmulator({
    table: definition.table,
    meter,
    folder,
    port: portOf('dynamodb'),
  });
  cleanup.add(() => dynamodb.close());

  const ssm = await startSsmEmulator({
    file: dataDirectory?.parameterFile,
    clock,
    onChange: onParameterChange,
    port: portOf('ssm'),
  });
  cleanup.add(() => ssm.close());
  return { sqs, dynamodb, ssm };
}

async function startWatchingServices(
  definition: WatchDefinition,
  monitoring: Monitoring,
  onNotification: (notification: Notification) => void,
  portOf: (service: EmulatedService) => number | undefined,
  cleanup: Cleanup,
) {
  const sns = await startSnsEmulator(definition.topics, onNotification, portOf('sns'));
  cleanup.add(() => sns.close());
  const cloudwatch = await startCloudWatchEmulator(monitoring, portOf('cloudwatch'));
  cleanup.add(() => cloudwatch.close());
  return { snsEndpoint: sns.endpoint, cloudwatchEndpoint: cloudwatch.endpoint };
}

function openClients(endpoints: Parameters<typeof createLocalClients>[0], cleanup: Cleanup): LocalClients {
  const clients = createLocalClients(endpoints);
  cleanup.add(() => {
    clients.sqs.destroy();
    clients.dynamodb.destroy();
    clients.ssm.destroy();
  });
  return clients;
}
