import { randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogObject } from '../../../lib/store/log-object.ts';
import { flowParquet, flowRow } from '../../factories/flow-parquet.ts';
import { jsonLines } from '../../factories/records.ts';
import { eveFlow, ZEEK_HEADER, zeekEntry, zeekLine } from '../../factories/sensor-logs.ts';
import { type LogFileService, startLogFileService } from '../../fixtures/service/log-file-service.ts';
import { readQueue } from '../../fixtures/service/queue-contents.ts';

let service: LogFileService;

beforeAll(async () => {
  service = await startLogFileService();
});

afterAll(() => service.stop());

/** Zeek entries, each a different connection. */
function entries(count: number, uid = 'C') {
  return Array.from({ length: count }, (_, n) =>
    zeekEntry({ ts: 1_790_000_000 + n, uid: `${uid}${n}`, 'id.resp_h': `203.0.113.${n % 200}` }),
  );
}

async function rejections() {
  const { rejectedQueueUrl } = service.stack.names;
  return (await readQueue(service.stack.clients.sqs, rejectedQueueUrl)).map(
    ({ Body, MessageAttributes = {} }) => ({
      text: Body,
      ...Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
      ),
    }),
  );
}

async function deadLetters() {
  const { clients, names } = service.stack;
  return (await readQueue(clients.sqs, names.ingestDeadLetterQueueUrl ?? '')).map(
    ({ Body = '', MessageAttributes = {} }) => ({
      body: JSON.parse(Body),
      reason: MessageAttributes.reason?.StringValue,
    }),
  );
}

describe('a log file that is put into the bucket', () => {
  it.each([
    ['Zeek JSON', (count: number) => jsonLines(entries(count, 'json'))],
    ['gzip', (count: number) => gzipSync(jsonLines(entries(count, 'gzip')))],
    ['Zstandard', (count: number) => zstdCompressSync(jsonLines(entries(count, 'zstd')))],
    ['Zeek TSV', (count: number) => [...ZEEK_HEADER, ...entries(count, 'tsv').map(zeekLine)].join('\n')],
    [
      'Parquet',
      (count: number) =>
        flowParquet(Array.from({ length: count }, (_, n) => flowRow({ srcport: 1_024 + n }))),
    ],
  ])('is scored: %s', async (name, make) => {
    const before = await service.totals();
    // S3's own notifications encode such keys differently.
    const key = `logs/${name} a+b.log`;
    await service.put(key, make(500));

    const object = await service.ended(key);
    expect(object).toMatchObject({
      state: 'done',
      progress: { counts: { read: 500, sent: 500, invalid: 0 } },
    });
    expect(await service.totals()).toEqual({ ...before, stored: before.stored + 500 });
  });

  it('is accounted for line by line: sent, skipped by kind, and rejected with its place', async () => {
    const before = await service.totals();
    const lines = [
      JSON.stringify(eveFlow({ src_port: 40_001 })),
      JSON.stringify({ ...eveFlow(), event_type: 'dns' }),
      '{"timestamp":"yesterday","event_type":"flow","src_ip":"10.0.0.1"}',
      JSON.stringify(eveFlow({ src_port: 40_002 })),
    ];
    const etag = await service.put('mixed/eve.json', lines.join('\n'));

    const object = await service.ended('mixed/eve.json');
    expect(object.progress.counts).toMatchObject({ read: 4, sent: 2, skipped: { dns: 1 }, invalid: 1 });
    expect(await service.totals()).toEqual({ ...before, stored: before.stored + 2 });
    expect(await rejections()).toContainEqual(
      expect.objectContaining({
        text: lines[2],
        bucket: service.bucket,
        object_key: 'mixed/eve.json',
        object_version: etag,
        line: '3',
        source_message_id: object.id,
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['blank lines', '\n\n'],
    ['a header alone', ZEEK_HEADER.join('\n')],
  ])('may hold no entry: %s', async (name, body) => {
    await service.put(`empty/${name}`, body);

    expect(await service.ended(`empty/${name}`)).toMatchObject({
      state: 'done',
      progress: { counts: { read: 0 } },
    });
  });
});

describe('a notification', () => {
  const shapes: [string, (object: LogObject) => object][] = [
    [
      'of EventBridge',
      ({ bucket, key, etag, size }) => ({
        version: '0',
        source: 'aws.s3',
        'detail-type': 'Object Created',
        detail: { bucket: { name: bucket }, object: { key, etag, size } },
      }),
    ],
    [
      'through a topic',
      ({ bucket, key, etag }) => ({
        Type: 'Notification',
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:logs',
        Message: JSON.stringify({
          Records: [
            {
              eventSource: 'aws:s3',
              eventName: 'ObjectCreated:Put',
              s3: { bucket: { name: bucket }, object: { key, eTag: etag } },
            },
          ],
        }),
      }),
    ],
  ];

  it('that comes again and again has a file read once, also a small one', async () => {
    const before = await service.totals();
    await service.put('again.log', jsonLines(entries(30, 'again')));
    const object = await service.ended('again.log');
    for (const [, shape] of shapes) await service.notify(JSON.stringify(shape(object)));
    await service.drained();

    expect(await service.ended('again.log')).toEqual(object);
    expect(await service.totals()).toEqual({ ...before, stored: before.stored + 30 });
  });

  it('that S3 sends to try the queue is ignored', async () => {
    const before = await deadLetters();
    await service.notify(JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'any' }));
    await service.drained();

    expect(await deadLetters()).toEqual(before);
  });

  it.each([
    ['of a file that is gone', { key: 'gone.log' }, 'the object no longer exists'],
    ['of another bucket', { bucket: 'somewhere-else', key: 'any' }, 'has none of the prefixes'],
  ])('%s is put aside with a reason', async (_, changes, reason) => {
    const object = { bucket: service.bucket, etag: 'abc', ...changes };
    await service.notify(JSON.stringify({ read_object: object }));
    await service.drained();

    expect(await deadLetters()).toContainEqual({
      body: { read_object: object },
      reason: expect.stringContaining(reason),
    });
  });

  it('of a version that was replaced meanwhile is over with', async () => {
    await service.put('replaced.log', jsonLines(entries(1, 'new')));
    await service.ended('replaced.log');
    const object = { bucket: service.bucket, key: 'replaced.log', etag: 'of-an-earlier-version' };
    await service.notify(JSON.stringify({ read_object: object }));
    await service.drained();

    const states = (await service.objects()).filter(({ key }) => key === 'replaced.log');
    expect(states.map(({ state }) => state).sort()).toEqual(['done', 'replaced']);
  });
});

describe('a file that can not be read', () => {
  it.each([
    ['another format', Buffer.from('%PDF-1.7 ...'), /PDF/],
    ['binary data', Buffer.concat([Buffer.from([1, 2, 3, 4]), randomBytes(600)]), /binary data/],
    ['text', 'Dear all,\nplease find attached the log.\n', /`format` in the environment's `logFiles`/],
    ['a database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(100)]), /SQLite/],
    ['one endless line', gzipSync(`{"a":"${'x'.repeat(2 ** 24 + 1)}`), /more than 16777216 characters/],
    [
      'lines that are all invalid',
      jsonLines(Array.from({ length: 50 }, () => ({ dst_ip: 'nowhere' }))),
      /none of its first 50/,
    ],
  ])('is put aside with a reason: %s', async (name, body, reason) => {
    await service.put(`bad/${name}`, body);

    const object = await service.ended(`bad/${name}`);
    expect(object.state).toBe('failed');
    expect(object.reason).toMatch(reason);
    expect(
      (await deadLetters()).filter(({ body: { read_object } }) => read_object?.key === object.key),
    ).toEqual([{ body: expect.anything(), reason: object.reason }]);
  });

  it('is read up to where it is damaged', async () => {
    const before = await service.totals();
    const packed = gzipSync(jsonLines(entries(5_000, 'cut')));
    await service.put('cut.log.gz', packed.subarray(0, packed.length / 2));

    const { state, reason, progress } = await service.ended('cut.log.gz');
    expect({ state, reason }).toEqual({ state: 'failed', reason: expect.stringContaining('truncated') });
    expect(progress.counts.sent).toBeGreaterThan(0);
    expect((await service.totals()).stored).toBe(before.stored + progress.counts.sent);
  });
});
