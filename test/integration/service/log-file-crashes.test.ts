import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestMessage } from '../../../lib/ingestion/ingest-message.ts';
import { ownNotification } from '../../../lib/ingestion/notification.ts';
import { packerOf } from '../../../lib/ingestion/packer-version.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { type LogObject, logObjectId } from '../../../lib/store/log-object.ts';
import { readLogObject } from '../../../lib/store/log-objects.ts';
import { zeekEntry } from '../../factories/sensor-logs.ts';
import { type LogFileService, startLogFileService } from '../../fixtures/service/log-file-service.ts';
import { readQueue } from '../../fixtures/service/queue-contents.ts';

/** Not the service's own bucket, whose objects its function reads. */
const BUCKET = 'logs-of-others';
const ENTRIES = 1_230;
const INVALID_LINE = '{"id.orig_h":"10.0.0.1","ts":"never"}';
/** Windows of 200 entries end with messages of fewer than 64. */
const WINDOW = { entries: 200, characters: 2 ** 20 };
/** Block size for reading objects. */
const BLOCK_BYTES = 262_144;
const MINUTE_MS = 60_000;

let service: LogFileService;
let count = 0;

beforeAll(async () => {
  service = await startLogFileService();
  await service.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});

afterAll(() => service.stop());

/** An object, with the queues that receive its messages. */
async function newObject(body: string | Buffer = logOf(ENTRIES)) {
  const name = `object-${++count}`;
  const { ETag = '' } = await service.s3.send(
    new PutObjectCommand({ Bucket: BUCKET, Key: name, Body: body }),
  );
  const urlOf = async (part: string) => {
    const { QueueUrl = '' } = await service.stack.clients.sqs.send(
      new CreateQueueCommand({ QueueName: `${name}-${part}` }),
    );
    return QueueUrl;
  };
  return {
    object: { bucket: BUCKET, key: name, etag: ETag.replaceAll('"', '') },
    work: await urlOf('work'),
    rejected: await urlOf('rejected'),
    ingest: await urlOf('ingest'),
    dead: await urlOf('dead'),
  };
}

type Reading = Awaited<ReturnType<typeof newObject>>;

/** Uncompressed objects are resumed in place, compressed ones are reread from the beginning. */
const PACKINGS = [
  ['gzip', (text: string) => gzipSync(text)],
  ['uncompressed', (text: string) => Buffer.from(text)],
] as const;

type Pack = (typeof PACKINGS)[number][1];

function logOf(entries: number, pack: Pack = gzipSync): Buffer {
  const lines = Array.from({ length: entries }, (_, n) =>
    n % 100 === 99
      ? INVALID_LINE
      : JSON.stringify(zeekEntry({ ts: 1_790_000_000 + n, uid: `C${n}`, 'id.resp_h': `203.0.113.${n % 7}` })),
  );
  return pack(lines.join('\n'));
}

interface Run {
  /** The process dies after this many answered requests. */
  readonly diesAfter?: number;
  readonly sliceMs?: number;
  /** Minutes after the first notification. */
  readonly minute?: number;
}

/** Common to all clients. */
interface WithHandler {
  readonly config: { readonly requestHandler: { handle: (...args: never[]) => Promise<unknown> } };
}

const NOTIFIED_AT_MS = Date.now() - 60 * MINUTE_MS;

/** One invocation; a process that has died has no further effect. */
async function run(
  reading: Reading,
  { diesAfter = Number.POSITIVE_INFINITY, sliceMs, minute = 0 }: Run = {},
) {
  let requests = 0;
  const mortal = <Client extends WithHandler>(client: Client): Client => {
    const { requestHandler } = client.config;
    const handle = requestHandler.handle.bind(requestHandler);
    requestHandler.handle = async (...args) => {
      if (requests >= diesAfter) throw new Error('the process is dead');
      requests++;
      return await handle(...args);
    };
    return client;
  };
  const { environment, names } = service.stack;
  const common = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const endpoint = environment.AWS_ENDPOINT_URL_SQS ?? '';
  const sqs = mortal(new SQSClient({ ...common, endpoint }));
  const s3 = mortal(new S3Client({ ...common, endpoint }));
  const dynamodb = mortal(
    new DynamoDBClient({ ...common, endpoint: environment.AWS_ENDPOINT_URL_DYNAMODB ?? '' }),
  );
  const nowMs = Date.now();
  const shiftMs = minute * MINUTE_MS;
  const ingested = await ingestMessage(
    {
      messageId: 'notification',
      body: ownNotification(reading.object),
      receiptHandle: '',
      sentAtMs: NOTIFIED_AT_MS + shiftMs,
      receiveCount: 1 + minute,
    },
    false,
    {
      s3,
      table: { client: DynamoDBDocumentClient.from(dynamodb), tableName: names.tableName },
      workQueue: { client: sqs, queueUrl: reading.work },
      rejectedQueue: { client: sqs, queueUrl: reading.rejected },
      ingestQueue: { client: sqs, queueUrl: reading.ingest },
      deadLetterQueue: { client: sqs, queueUrl: reading.dead },
      sources: [{ bucket: BUCKET, prefix: '' }],
      isLocal: createLocality([]),
      packer: packerOf([]),
      retentionSeconds: 86_400,
      limits: { textCharacters: 2 ** 20, columnBytes: 2 ** 20 },
      windowSize: WINDOW,
      slice: {
        owner: `invocation ${minute}`,
        endMs: nowMs + shiftMs + (sliceMs ?? MINUTE_MS),
        deadlineMs: nowMs + shiftMs + MINUTE_MS,
        leaseUntilMs: nowMs + shiftMs + MINUTE_MS,
      },
      now: () => Date.now() + shiftMs,
    },
  );
  for (const client of [sqs, s3, dynamodb]) client.destroy();
  return { outcome: ingested.objects[0]?.outcome, isFailed: ingested.isFailed, requests };
}

/** Messages by identity: their content or, for small ones, their attributes. */
async function sent(queueUrl: string) {
  const messages = await readQueue(service.stack.clients.sqs, queueUrl);
  return messages.map(({ Body = '', MessageAttributes = {} }) => ({
    records: Body.split('\n').length,
    body: Body,
    origin: MessageAttributes.source_message_id?.StringValue,
    sentAt: MessageAttributes.sent_at?.StringValue,
  }));
}

/** Without the object's id, which distinguishes its small messages from others'. */
function bodiesOf(messages: Awaited<ReturnType<typeof sent>>): string[] {
  return [...new Set(messages.map(({ body }) => body))].sort();
}

async function stateOf({ object }: Reading): Promise<LogObject | undefined> {
  return await readLogObject(service.table, logObjectId(object));
}

describe('an object whose reading is interrupted', () => {
  it.each(PACKINGS)(
    'gives the same messages wherever the process dies, and reads on: %s',
    async (_, pack) => {
      const whole = await newObject(logOf(ENTRIES, pack));
      const { requests, outcome } = await run(whole);
      expect(outcome).toMatchObject({
        kind: 'done',
        total: { read: ENTRIES, invalid: 12, sent: ENTRIES - 12 },
      });
      const expected = bodiesOf(await sent(whole.work));

      for (let death = 0; death < 10; death++) {
        const reading = await newObject(logOf(ENTRIES, pack));
        const diesAfter = Math.round((death * requests) / 10);
        expect((await run(reading, { diesAfter })).isFailed).toBe(true);
        expect((await run(reading, { minute: 30 })).outcome).toMatchObject({
          kind: expect.stringMatching(/done|passed/),
        });

        const messages = await sent(reading.work);
        expect(bodiesOf(messages), `after ${diesAfter} requests`).toEqual(expected);
        // A small message that was sent twice has the same identity.
        const small = messages.filter(({ records }) => records < 64);
        expect(small.length).toBeGreaterThan(0);
        expect(new Set(small.map(({ origin, body }) => `${origin} ${body}`)).size).toBe(
          new Set(small.map(({ origin }) => origin)).size,
        );
        expect(new Set(small.map(({ sentAt }) => sentAt)).size).toBe(1);
        expect(await stateOf(reading)).toMatchObject({
          state: 'done',
          progress: { counts: { read: ENTRIES, sent: ENTRIES - 12, invalid: 12 } },
        });
      }
    },
  );

  it.each(PACKINGS)('goes on in slices, by a message each, and comes to the same: %s', async (_, pack) => {
    const whole = await newObject(logOf(ENTRIES, pack));
    await run(whole);
    const reading = await newObject(logOf(ENTRIES, pack));
    const kinds: (string | undefined)[] = [];
    for (let minute = 0; kinds.at(-1) !== 'done' && minute < 20; minute++) {
      kinds.push((await run(reading, { sliceMs: -1, minute })).outcome?.kind);
    }

    expect(kinds).toEqual([...Array.from({ length: 7 }, () => 'continued'), 'done']);
    expect(bodiesOf(await sent(reading.work))).toEqual(bodiesOf(await sent(whole.work)));
    expect((await sent(reading.work)).length).toBe((await sent(whole.work)).length);
    expect((await readQueue(service.stack.clients.sqs, reading.rejected)).length).toBe(12);
    expect((await readQueue(service.stack.clients.sqs, reading.ingest)).map(({ Body }) => Body)).toEqual(
      Array.from({ length: 7 }, () => ownNotification(reading.object)),
    );
  });

  it('reads on in slices although each of many dies somewhere, of what is not compressed', async () => {
    const whole = await newObject(logOf(ENTRIES, Buffer.from));
    const { requests } = await run(whole);
    const expected = bodiesOf(await sent(whole.work));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 6, max: requests }), { maxLength: 6 }), async (deaths) => {
        const reading = await newObject(logOf(ENTRIES, Buffer.from));
        let minute = 0;
        for (const diesAfter of deaths) {
          await run(reading, { diesAfter, sliceMs: -1, minute });
          minute += 2;
        }
        for (let kind = ''; kind !== 'done' && kind !== 'passed'; minute += 2) {
          kind = (await run(reading, { sliceMs: -1, minute })).outcome?.kind ?? '';
          expect(minute).toBeLessThan(60);
        }
        expect(bodiesOf(await sent(reading.work))).toEqual(expected);
        expect(await stateOf(reading)).toMatchObject({
          state: 'done',
          progress: { counts: { read: ENTRIES, sent: ENTRIES - 12, invalid: 12 } },
        });
      }),
      { numRuns: 8 },
    );
  });

  it('is fetched from where it was read to, where it is not compressed', async () => {
    const log = logOf(ENTRIES, Buffer.from);
    const reading = await newObject(log);
    const fetched: number[] = [];
    for (let minute = 0; (await stateOf(reading))?.state !== 'done'; minute++) {
      const { outcome } = await run(reading, { sliceMs: -1, minute });
      fetched.push(outcome?.fetchedBytes ?? 0);
    }

    // A slice ends with its first window, which ends in the first block.
    const windowEnd = log.toString().split('\n').slice(0, 199).join('\n').length + 1;
    expect(fetched.slice(0, 2)).toEqual([BLOCK_BYTES, BLOCK_BYTES - windowEnd]);
    expect(fetched.at(-1)).toBeLessThan(log.length / 10);
  });

  it('is left to whoever has it, until that one is surely gone', async () => {
    const reading = await newObject();
    await run(reading, { diesAfter: 3 });

    expect((await run(reading, { minute: 0.5 })).outcome).toMatchObject({ kind: 'again' });
    expect((await run(reading, { minute: 2 })).outcome).toMatchObject({ kind: 'done' });
    expect((await run(reading, { minute: 3 })).outcome).toMatchObject({ kind: 'passed', why: 'done' });
  });

  it('is put aside once three readings of it died without getting any further', async () => {
    const reading = await newObject();
    for (const minute of [0, 2, 4]) await run(reading, { diesAfter: 2, minute });
    const { outcome } = await run(reading, { minute: 6 });

    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('3 attempts') });
    const [dead] = await readQueue(service.stack.clients.sqs, reading.dead);
    expect(dead?.Body).toBe(ownNotification(reading.object));
    expect(await stateOf(reading)).toMatchObject({ state: 'failed' });
  });
});
