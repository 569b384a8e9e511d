import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PRICES } from '../../../lib/local/metering/prices.ts';
import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { amount, type Benchmark, type BenchmarkContext, BenchmarkError, type Figure } from '../benchmark.ts';
import { deployedLogReader } from '../function/build.ts';
import { withFunction } from '../function/function-process.ts';
import { type LogFileStub, STUB_ETAG, type StubObject, startLogFileStub } from '../function/log-file-stub.ts';
import { endlessLog, packedLog } from '../large-log.ts';
import { costFigure, partFigures } from '../load.ts';
import { LOG_ADDRESS_SHARE, traffic } from '../records.ts';

const MEGABYTE = 2 ** 20;
const LOG_RECORDS = 60_000;
const PACKED_LINES = 5_000_000;
const ENDLESS_BYTES = 10 * 2 ** 30;
/** Short ones, so that there are many. */
const SLICE_SECONDS = 20;
/** Of the log that is not read to its end. */
const FEW_SLICES = 4;
const TIMEOUT_MS = 300_000;
const POLL_MS = 20;

/**
 * Log files through S3. What a million of their records cost, all in: putting and reading the file, noting how far it
 * was read, sending, and scoring, counted on the embedded stack. And the function that reads them in a process of its
 * own, slice by slice: a gzipped log to its end, and the first slices of one of 10 GB, each of which has to begin where
 * the last one ended.
 */
export const logFileReading: Benchmark = {
  name: 'log-files',
  summary: 'log files in S3: cost, all in; time and peak memory of reading large ones',
  async run(context) {
    return [...(await costAllIn(context)), ...(await packed(context)), ...(await endless(context))];
  },
};

async function costAllIn(context: BenchmarkContext): Promise<Figure[]> {
  context.progress.step('log files, cost');
  const stack = await startLocalStack({ ...DEPLOYED, settings: () => '{"mode":"consensus"}' });
  const s3 = new S3Client({
    endpoint: stack.environment.AWS_ENDPOINT_URL_S3 ?? '',
    region: stack.environment.AWS_REGION ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    await putAndDrain(stack, s3, logOf(1_000, 2));
    stack.resetUsage();
    const records = amount(context, LOG_RECORDS);
    const { durationSeconds } = await putAndDrain(stack, s3, logOf(records, 1));
    const load = { records, bytes: 0, durationSeconds, usage: stack.usage() };
    const requests = ((PRICES.s3Put + PRICES.s3Get) / records) * 1e6;
    const name = 'generated log through S3';
    const { value, unit } = costFigure(name, load);
    return [
      { name: `${name}, all in`, value: value + requests, unit, budget: { atMost: 0.1 } },
      ...partFigures(name, load),
      { name: `${name}, its PUT and GET`, value: requests, unit },
    ];
  } finally {
    s3.destroy();
    await stack.stop();
  }
}

function logOf(records: number, seed: number): Buffer {
  const options = { records, addresses: Math.ceil(records * LOG_ADDRESS_SHARE), seed };
  return gzipSync(Array.from(traffic(options), ({ text }) => text).join('\n'));
}

/** Puts a file into the bucket, and waits until it is read and scored. */
async function putAndDrain(stack: LocalStack, s3: S3Client, Body: Buffer) {
  const { logBucket = '', ingestQueueUrl = '', ingestDeadLetterQueueUrl = '' } = stack.names;
  const startedAt = performance.now();
  await s3.send(new PutObjectCommand({ Bucket: logBucket, Key: `${startedAt}.log.gz`, Body }));
  const depthOf = (url: string) => {
    const { visible, inFlight } = stack.queueDepth(url.split('/').at(-1) ?? '');
    return visible + inFlight;
  };
  const left = () => depthOf(ingestQueueUrl) + depthOf(stack.names.workQueueUrl);
  // The notification comes a moment after the file.
  await sleep(POLL_MS);
  while (left() > 0) await sleep(POLL_MS);
  if (depthOf(ingestDeadLetterQueueUrl) + depthOf(stack.names.deadLetterQueueUrl) > 0) {
    throw new BenchmarkError('something failed: see the dead-letter queues');
  }
  return { durationSeconds: (performance.now() - startedAt) / 1000 };
}

async function packed(context: BenchmarkContext): Promise<Figure[]> {
  const lines = amount(context, PACKED_LINES);
  context.progress.step('log files, a gzipped log');
  const { entriesRead, peakBytes, cpuMs, state } = await readInSlices(await packedLog(lines));
  if (state !== 'done' || entriesRead !== lines) throw new BenchmarkError(`${entriesRead} lines were read`);
  const name = `${lines.toLocaleString('en-US')} gzipped lines of Zeek`;
  return [
    { name: `${name}, peak memory`, value: peakBytes / MEGABYTE, unit: 'MB', budget: { atMost: 512 } },
    { name: `${name}, CPU time`, value: cpuMs / 1000, unit: 's' },
  ];
}

async function endless(context: BenchmarkContext): Promise<Figure[]> {
  context.progress.step('log files, 10 GB');
  const { peakBytes, entriesRead, cpuMs, fetchedBytes } = await readInSlices(
    endlessLog(ENDLESS_BYTES),
    FEW_SLICES,
  );
  const name = `the first ${FEW_SLICES} slices of 10 GB`;
  return [
    { name: `${name}, peak memory`, value: peakBytes / MEGABYTE, unit: 'MB', budget: { atMost: 512 } },
    { name: `${name}, read`, value: (entriesRead / cpuMs) * 1000, unit: 'lines/s' },
    { name: `${name}, fetched`, value: fetchedBytes / entriesRead, unit: 'bytes a line' },
  ];
}

interface Slices {
  readonly peakBytes: number;
  readonly cpuMs: number;
  readonly entriesRead: number;
  readonly fetchedBytes: number;
  readonly state: string | undefined;
}

/** @param most slices to read, unless the object ends before */
async function readInSlices(object: StubObject, most = Number.POSITIVE_INFINITY): Promise<Slices> {
  const stub = await startLogFileStub(object);
  const variables = { SLICE_SECONDS: String(SLICE_SECONDS) };
  try {
    return await withFunction({ ...(await deployedLogReader()), variables }, stub, async (reader) => {
      let peakBytes = 0;
      let cpuMs = 0;
      for (let slice = 0; slice < most && stub.state !== 'done'; slice++) {
        const before = stub.entriesRead;
        const invocation = await reader.invokeWith(notificationOf(object, slice), TIMEOUT_MS);
        peakBytes = invocation.peakBytes;
        cpuMs += invocation.cpuMs;
        if (stub.entriesRead === before && stub.state !== 'done') throw stuck(stub);
      }
      const { entriesRead, fetchedBytes, state } = stub;
      return { peakBytes, cpuMs, entriesRead, fetchedBytes, state };
    });
  } finally {
    await stub.close();
  }
}

function stuck({ entriesRead }: LogFileStub): BenchmarkError {
  return new BenchmarkError(`after ${entriesRead} lines, a slice came no further`);
}

/** The event with which the function is invoked. */
function notificationOf({ size }: StubObject, slice: number): string {
  const bucket = DEPLOYED.definition.buckets[0]?.name ?? '';
  const read_object = { bucket, key: 'large.log', etag: STUB_ETAG, size };
  const record = {
    messageId: `slice ${slice}`,
    receiptHandle: 'any',
    body: JSON.stringify({ read_object }),
    attributes: { SentTimestamp: String(Date.now()), ApproximateReceiveCount: '1' },
    messageAttributes: {},
  };
  return JSON.stringify({ Records: [record] });
}
