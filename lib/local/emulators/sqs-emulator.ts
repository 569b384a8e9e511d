import type { AddressInfo } from 'node:net';
import { buildApp } from 'fauxqs';
import { ACCOUNT_ID, REGION } from '../account.ts';
import type { QueueFigures } from '../alarms/aws-metrics.ts';
import { meterSqs } from '../metering/sqs-meter.ts';
import type { UsageMeter } from '../metering/usage.ts';
import { createStores, keepObjects } from './fauxqs-internals.ts';
import { endpointOf, isForeign, LOOPBACK_HOST } from './loopback.ts';
import { QueueJournal } from './queue-journal.ts';
import { leadsOut, type PutObject, watchObjects } from './s3-buckets.ts';

/** Number of messages in a queue. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
}

export interface SqsEmulator {
  readonly endpoint: string;
  readonly address: AddressInfo;
  urlOf(queueName: string): string;
  /** @returns zeros for a queue that does not exist */
  depthOf(queueName: string): QueueDepth;
  /** @returns zeros for a queue that does not exist */
  figuresOf(queueName: string): QueueFigures;
  /**
   * Answers every waiting receive with no messages. If a client disconnected instead, its receive would go on and take
   * messages that nobody gets until their visibility timeout.
   */
  endLongPolls(queueName: string): void;
  /** Creates an S3 bucket at the same endpoint, unless there is one from an earlier run. */
  createBucket(name: string): void;
  /** Rejects if the queues can no longer be stored. */
  readonly failed: Promise<never> | undefined;
  close(): Promise<void>;
}

/**
 * Starts an SQS emulator in this process, without queues unless `file` has some from an earlier run, and an S3
 * emulator, whose objects are kept in `objectFolder`.
 */
export async function startSqsEmulator(options: {
  readonly meter: UsageMeter;
  readonly file?: string | undefined;
  readonly objectFolder?: string | undefined;
  readonly onObject?: (object: PutObject) => void;
  readonly port?: number | undefined;
}): Promise<SqsEmulator> {
  const stores = await createStores();
  const store = stores.sqsStore;
  // With a host name of its own, fauxqs would create queue URLs that need DNS; otherwise it uses the request's.
  store.host = '';
  if (options.objectFolder !== undefined) await keepObjects(stores.s3Store, options.objectFolder);
  if (options.onObject !== undefined) watchObjects(stores.s3Store, options.onObject);
  const app = buildApp({ logger: false, defaultRegion: REGION, stores });
  app.addHook('onRequest', async (request, reply) => {
    if (isForeign(request.headers)) await reply.code(403).send();
    else if (leadsOut(request.url)) await reply.code(400).send();
  });
  meterSqs(app, options.meter);

  const journal = options.file === undefined ? undefined : new QueueJournal(options.file);
  app.addHook('onSend', async () => journal?.commit());

  await app.listen({ port: options.port ?? 0, host: LOOPBACK_HOST });
  const address = app.server.address() as AddressInfo;
  const endpoint = endpointOf(address);
  const urlOf = (queueName: string) => `${endpoint}/${ACCOUNT_ID}/${queueName}`;
  journal?.restore(store, urlOf);
  journal?.attach(store);

  return {
    endpoint,
    address,
    urlOf,
    depthOf: (queueName) => {
      const queue = store.getQueueByName(queueName);
      // fauxqs only applies timeouts when a queue is accessed.
      queue?.processTimers();
      return {
        visible: Number(queue?.getAttribute('ApproximateNumberOfMessages') ?? 0),
        inFlight: Number(queue?.getAttribute('ApproximateNumberOfMessagesNotVisible') ?? 0),
      };
    },
    figuresOf: (queueName) => {
      const queue = store.getQueueByName(queueName);
      queue?.processTimers();
      const visible = queue?.messages ?? [];
      const inFlight = [...(queue?.inflightMessages.values() ?? [])].map(({ message }) => message);
      const oldest = Math.min(...[...visible, ...inFlight].map(({ sentTimestamp }) => sentTimestamp));
      return {
        visible: visible.length,
        inFlight: inFlight.length,
        oldestAgeSeconds: Number.isFinite(oldest) ? (Date.now() - oldest) / 1000 : 0,
      };
    },
    createBucket: (name) => stores.s3Store.createBucket(name),
    failed: journal?.failed,
    endLongPolls: (queueName) => store.getQueueByName(queueName)?.cancelWaiters(),
    close: async () => {
      await app.close();
      journal?.close();
    },
  };
}
