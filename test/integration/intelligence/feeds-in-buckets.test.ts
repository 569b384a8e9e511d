import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchFeed } from '../../../lib/intelligence/feeds/fetch-feed.ts';
import { rangeText } from '../../../lib/intelligence/lists/address-range.ts';
import { unpackRanges } from '../../../lib/intelligence/lists/packed-ranges.ts';
import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { createFeedStore, readFeedStates } from '../../../lib/store/feed-store.ts';
import { loadList, readLists } from '../../../lib/store/list-store.ts';
import type { TableAccess } from '../../../lib/store/table-access.ts';
import { buildFeed } from '../../factories/feeds.ts';
import { DEPLOYED, withFeedVariables } from '../../fixtures/deployed-service.ts';
import { PAGE } from '../../fixtures/feeds/feed-server.ts';
import { RecordedCalls } from '../../fixtures/infra/recorded-calls.ts';
import { type FaultProxy, startFaultProxy } from '../../fixtures/local/fault-proxy.ts';

const HOUR_MS = 3_600_000;
const BUCKET = 'site-lists';
const DENIED = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

let stack: LocalStack;
let s3: S3Client;
let table: TableAccess;
let proxy: FaultProxy;
let nowMs = Date.now();
const calls = new RecordedCalls();
const logLines: string[] = [];

const feed = (name: string, key = `${name}.txt`) =>
  buildFeed({ name, url: `s3://${BUCKET}/daily/${key}`, plainHttp: undefined, everyHours: 1 });

/** The function as deployed, with lists in a bucket behind a proxy that notes what is read, and refuses one object. */
beforeAll(async () => {
  const record = calls.recorder('sqs');
  proxy = await startFaultProxy({
    get target() {
      return stack.environment.AWS_ENDPOINT_URL_S3 ?? '';
    },
    intercept: (operation, ...rest) =>
      record(operation, ...rest) ??
      (operation.includes('/forbidden.txt') ? { status: 403, body: DENIED } : undefined),
  });
  const own = [
    feed('good'),
    feed('turned'),
    feed('missing'),
    feed('forbidden'),
    feed('bomb', 'a bomb.txt.gz'),
  ];
  stack = await startLocalStack({
    definition: withFeedVariables(DEPLOYED.definition, {
      FEEDS: JSON.stringify({ catalogue: false, own }),
      AWS_ENDPOINT_URL_S3: proxy.endpoint,
    }),
    bundlePath: DEPLOYED.bundlePath,
    clock: () => nowMs,
    onLogLine: (line) => logLines.push(line),
  });
  s3 = new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: stack.environment.AWS_ENDPOINT_URL_S3 ?? '',
  });
  table = { client: DynamoDBDocumentClient.from(stack.clients.dynamodb), tableName: stack.names.tableName };
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});

afterAll(async () => {
  s3?.destroy();
  await stack?.stop();
  await proxy?.close();
});

async function put(name: string, Body: string | Buffer): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `daily/${name}`, Body }));
}

async function passHour(): Promise<void> {
  nowMs += HOUR_MS;
  await stack.evaluateAlarms();
}

/** Makes a feed due: the function goes by the system's clock, by which no hour has passed. */
async function forgetTry(name: string): Promise<void> {
  const store = createFeedStore(table);
  const state = (await store.states()).get(name);
  if (state !== undefined)
    await store.putState(name, { ...state, lastTryMs: state.lastTryMs - 24 * HOUR_MS });
}

async function stateOf(name: string) {
  return (await readFeedStates(table)).get(name);
}

async function rangesOf(source: string): Promise<string[] | undefined> {
  const found = (await readLists(table, Date.now())).find((each) => each.source === source);
  const chunks = found && (await loadList(table, found));
  return chunks && [...unpackRanges(chunks).ranges()].map(rangeText);
}

describe('lists in a bucket', () => {
  it('are refreshed by the function, each with its own outcome', async () => {
    await put('good.txt', '203.0.113.1\n203.0.113.7\n');
    await put('turned.txt', '203.0.113.2\n');
    await put('a bomb.txt.gz', gzipSync(Buffer.alloc(2 ** 26 + 1)));

    await passHour();

    expect(await rangesOf('good')).toEqual(['203.0.113.1', '203.0.113.7']);
    expect(await rangesOf('turned')).toEqual(['203.0.113.2']);
    expect((await stateOf('missing'))?.problem).toEqual({
      kind: 'status',
      detail: 'the object no longer exists',
    });
    expect((await stateOf('forbidden'))?.problem).toMatchObject({
      kind: 'refused',
      detail: expect.stringMatching(/^access is denied, or there is no such object/),
    });
    expect((await stateOf('bomb'))?.problem).toEqual({ kind: 'too-large', detail: 'more than 64 MiB' });
    expect(calls.requests).toEqual(
      expect.arrayContaining([
        { action: 's3:GetObject', resource: `arn:aws:s3:::${BUCKET}/daily/good.txt` },
        { action: 's3:GetObject', resource: `arn:aws:s3:::${BUCKET}/daily/a bomb.txt.gz` },
      ]),
    );
    expect(new Set(calls.requests.map(({ action }) => action))).toEqual(new Set(['s3:GetObject']));
  });

  it('are asked for newer versions only, and yesterday stays when today is broken', async () => {
    await put('turned.txt', PAGE);
    const before = await stateOf('good');
    for (const name of ['good', 'turned']) await forgetTry(name);
    logLines.length = 0;

    await passHour();

    const good = await stateOf('good');
    expect(good).toMatchObject({ failures: 0, good: { entries: 2, validators: before?.good?.validators } });
    expect(good?.good?.atMs).toBeGreaterThan(before?.good?.atMs ?? Number.POSITIVE_INFINITY);
    expect(logLines.filter((line) => line.includes('"unchanged"'))).toHaveLength(1);
    expect(await rangesOf('turned')).toEqual(['203.0.113.2']);
    expect(await stateOf('turned')).toMatchObject({ failures: 1, problem: { kind: 'web-page' } });
  });
});

describe('fetching an object', () => {
  const LIMITS = { timeoutMs: 20_000, bytes: 1_000, redirects: 0 };
  const fetched = async (name: string, options = {}) =>
    await fetchFeed({ url: `s3://${BUCKET}/daily/${name}` }, { s3, limits: LIMITS, ...options });

  it('gives the body with its ETag, and takes it for unchanged only where it was asked for newer ones', async () => {
    await put('one.txt', '203.0.113.1\n');

    const first = await fetched('one.txt');
    const validators = first.status === 'fetched' ? first.validators : {};

    expect(first).toEqual({
      status: 'fetched',
      body: Buffer.from('203.0.113.1\n'),
      validators: { etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) },
    });
    expect(await fetched('one.txt', { validators })).toEqual({ status: 'unchanged' });
    await put('one.txt', '203.0.113.2\n');
    expect(await fetched('one.txt', { validators })).toMatchObject({ status: 'fetched' });
  });

  it.each([
    ['larger than it may be', Buffer.from('203.0.113.1\n'.repeat(100)), 'too-large'],
    ['larger once it is unpacked', gzipSync('203.0.113.1\n'.repeat(100)), 'too-large'],
    ['packed and cut off', gzipSync('203.0.113.1\n').subarray(0, 12), 'truncated'],
    ['a web page', Buffer.from(PAGE), 'web-page'],
  ])('takes nothing that is %s', async (_, body, problem) => {
    await put('odd', body);

    expect(await fetched('odd')).toMatchObject({ status: 'failed', problem });
  });

  it.each([
    ['denied', { status: 403, body: DENIED }, 'refused', /^access is denied/],
    [
      'encrypted with a key that it may not use',
      { status: 403, body: DENIED.replace('Access Denied', 'not authorized to perform: kms:Decrypt') },
      'refused',
      /kms:Decrypt/,
    ],
    [
      'asked too often',
      { status: 503, body: DENIED.replace('AccessDenied', 'SlowDown') },
      'server-error',
      /./,
    ],
    [
      'in another region',
      { status: 301, body: DENIED.replace('AccessDenied', 'PermanentRedirect') },
      'status',
      /another region/,
    ],
    ['behind a network that drops it', 'drop', 'unreachable', /./],
    ['never answered', 'hang', 'timeout', /not complete within 0.5 s/],
  ] as const)('says in one line that it is %s', async (_, fault, problem, detail) => {
    const faulty = await startFaultProxy({ target: '', intercept: () => fault });
    const client = new S3Client({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      endpoint: faulty.endpoint,
      maxAttempts: 1,
    });
    try {
      const limits = fault === 'hang' ? { ...LIMITS, timeoutMs: 500 } : LIMITS;
      const outcome = await fetched('one.txt', { s3: client, limits });

      expect(outcome).toMatchObject({ status: 'failed', problem, detail: expect.stringMatching(detail) });
      expect(JSON.stringify(outcome)).not.toContain('\\n');
    } finally {
      client.destroy();
      await faulty.close();
    }
  });

  it('says in one line that there are no credentials', async () => {
    const client = new S3Client({
      region: 'us-east-1',
      credentials: async () => {
        throw Object.assign(new Error('Could not load credentials from any providers'), {
          name: 'CredentialsProviderError',
        });
      },
    });
    expect(await fetched('one.txt', { s3: client })).toEqual({
      status: 'failed',
      problem: 'refused',
      detail: 'could not read the object: there are no AWS credentials',
    });
  });
});
