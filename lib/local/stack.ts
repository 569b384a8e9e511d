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
  /** The resources to create; `deployedService` reads it from the templates, with the bundle. */
  readonly definition: ServiceDefinition;
  /**
   * Chooses the settings before the function starts, given those of an earlier run. By default they stay as they are or
   * unset, so that the definition's initial settings are in force.
   */
  readonly settings?: ChooseSettings;
  /** Called before the function starts, for example to store providers' keys. */
  readonly prepare?: (clients: LocalClients) => Promise<void>;
  /** Folder that keeps queues, table and settings between runs; in memory by default. */
  readonly dataDir?: string;
  /** Port of the queues; the other services get the following ones. Any free ports by default. */
  readonly firstPort?: number;
  /** Number of concurrent execution environments; 1 by default. */
  readonly workers?: number;
  /** Called for each line that a function prints, and for the reasons of failed invocations. */
  readonly onLogLine?: (line: string) => void;
  /** The function's environment variables, in addition to the definition's or overriding them. */
  readonly functionEnvironment?: Readonly<Record<string, string>>;
  /** Environment variables of all other functions, likewise. */
  readonly otherEnvironment?: Readonly<Record<string, string>>;
  /**
   * Clock for alarms, schedules and dates of settings, epoch milliseconds. With it, alarms and schedules are evaluated
   * only on request; by default each minute by the system's clock.
   */
  readonly clock?: () => number;
  /** Called for each notification published to a topic. */
  readonly onNotification?: (notification: Notification) => void;
  /** Called for each event put on a bus. */
  readonly onEvent?: (put: PutEvent) => void;
  /** Secrets Manager secrets by name, for webhook connections that refer to them. */
  readonly secrets?: Secrets;
  /** How long stopping waits for running invocations, in seconds; 5 by default. */
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
  /** Undefined if the definition has none. */
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
  /** Environment variables that point any AWS client at this stack. */
  readonly environment: Readonly<Record<string, string>>;
  readonly names: LocalStackNames;
  /** Clients of this stack's queues, table and settings, for the process that runs it. */
  readonly clients: LocalClients;
  /** Requests, capacity and invocations so far, without those of the setup; the poller's requests are included. */
  usage(): Usage;
  /** Resets the usage to zero. */
  resetUsage(): void;
  queueDepths(): Promise<Readonly<Record<QueueRole, QueueDepth>>>;
  /** Number of messages in a queue of the deployment, by its name. */
  queueDepth(queueName: string): QueueDepth;
  /** Names of the queues for events that could not be delivered to a target. */
  readonly undeliveredQueues: readonly string[];
  /** Whether functions other than the scoring one have messages to process. */
  areConsumersBusy(): boolean;
  /** All notifications published so far. */
  readonly notifications: readonly Notification[];
  /** State of an alarm by its name; undefined if there is none. */
  alarmState(name: string): AlarmState | undefined;
  /** Evaluates all alarms and runs what is due. Resolves when all effects are complete. */
  evaluateAlarms(): Promise<void>;
  /** Rejects if the data directory can no longer be written; never resolves. */
  readonly failed: Promise<never>;
  /** Pauses delivery. Resolves when the function has processed everything received. */
  pauseDelivery(): Promise<void>;
  resumeDelivery(): void;
  /**
   * Stops everything and releases ports, threads and files. An invocation still running after the grace period is
   * abandoned; its messages stay in the queue. Calling it again is harmless.
   */
  stop(): Promise<void>;
}

const MAX_WORKERS = 16;

const DEFAULT_STOP_GRACE_SECONDS = 5;

/** Subject that SNS uses for a notification without one. */
const EVENT_SUBJECT = 'AWS Notification Message';

/**
 * Starts the service in this process, on the loopback interface only: queues, table, settings, function and the
 * delivery between them.
 *
 * @throws {LocalStackError} with one line that says what to do about it; nothing keeps running then
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
  // Replaced below, before anyone knows the bucket's address and can put objects into it.
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
  // A running event handler would delay the end, so its event goes to the failure queue.
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

/** The bucket for log files, the queue for its notifications, and the dead-letter queue for unreadable files. */
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
