import { setTimeout as sleep } from 'node:timers/promises';
import { sendMessages } from '../../lib/aws/send-messages.ts';
import type { Progress } from '../../lib/cli/output/progress.ts';
import { type Input, openInput } from '../../lib/cli/use/input/open-input.ts';
import { openLog } from '../../lib/cli/use/input/open-log.ts';
import { runRecords } from '../../lib/cli/use/run/run-records.ts';
import { costOf, costParts } from '../../lib/local/metering/cost.ts';
import type { Usage } from '../../lib/local/metering/usage.ts';
import type { LocalStack } from '../../lib/local/stack.ts';
import { createLocality } from '../../lib/records/locality.ts';
import { BenchmarkError, type Budget, type Figure } from './benchmark.ts';
import { type TrafficOptions, traffic } from './records.ts';

/** What it took to bring records through an embedded stack. */
export interface Load {
  readonly records: number;
  /** Of all message bodies. */
  readonly bytes: number;
  /** From the first message sent to the last one done. */
  readonly durationSeconds: number;
  readonly usage: Usage;
}

const POLL_MS = 20;
const NO_PROGRESS: Progress = { step: () => {}, update: () => {}, stop: () => {} };

/** Packs records as the command line does, and checks afterwards that all of them are stored. */
export async function runPacked(stack: LocalStack, options: TrafficOptions): Promise<Load> {
  let bytes = 0;
  const lines = traffic(options).map(({ text }) => {
    bytes += Buffer.byteLength(text) + 1;
    return `${text}\n`;
  });
  const load = await runInput(stack, { name: 'benchmark', chunks: chunked(lines) });
  if (load.records !== options.records)
    throw new BenchmarkError(`${load.records} of ${options.records} records are stored`);
  return { ...load, bytes };
}

/** Brings a sensor's log through. What is no connection in it does not count; the size is that of the messages. */
export async function runLog(stack: LocalStack, path: string): Promise<Load> {
  return await runInput(stack, await openInput(path));
}

async function runInput(stack: LocalStack, input: Input): Promise<Load> {
  const run = {
    areProvidersSimulated: false,
    hasState: false,
    isLocal: createLocality([]),
    progress: NO_PROGRESS,
  };
  const { stored, duplicates, missing, durationSeconds, usage } = await runRecords(
    stack,
    { name: input.name, log: await openLog(input, undefined) },
    run,
  );
  if (missing.length > 0)
    throw new BenchmarkError(`${missing.length} records of ${input.name} are not stored`);
  return { records: stored + duplicates, bytes: 0, durationSeconds, usage };
}

/** A file's reader gives out pieces of this many lines or so. */
const LINES_PER_CHUNK = 200;

async function* chunked(lines: Iterator<string>): AsyncGenerator<string> {
  for (;;) {
    const chunk = Array.from({ length: LINES_PER_CHUNK }, () => lines.next().value ?? '').join('');
    if (chunk === '') return;
    yield chunk;
  }
}

/** Sends every record as its own message. */
export async function runSingly(stack: LocalStack, texts: Iterable<string>): Promise<Load> {
  const queue = { client: stack.clients.sqs, queueUrl: stack.names.workQueueUrl };
  const bodies = Array.from(texts, (body) => ({ body }));
  const bytes = bodies.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  stack.resetUsage();
  const startedAt = performance.now();
  await sendMessages(queue, asynchronous(bodies), () => {});
  while (await isWorking(stack)) await sleep(POLL_MS);
  const durationSeconds = (performance.now() - startedAt) / 1000;
  return { records: bodies.length, bytes, durationSeconds, usage: stack.usage() };
}

async function* asynchronous<Element>(elements: Iterable<Element>): AsyncGenerator<Element> {
  yield* elements;
}

async function isWorking(stack: LocalStack): Promise<boolean> {
  const { work, deadLetter } = await stack.queueDepths();
  if (deadLetter.visible > 0) throw new BenchmarkError('messages failed: they are in the dead-letter queue');
  return work.visible + work.inFlight > 0;
}

export interface LoadBudgets {
  readonly recordsPerSecond?: Budget;
  readonly usdPerMillion?: Budget;
}

/** Everything worth knowing of a load; amounts are per thousand records, so that loads of any size compare. */
export function loadFigures(kind: string, load: Load, budgets: LoadBudgets = {}): Figure[] {
  const { records, usage, bytes, durationSeconds } = load;
  const { dynamodb, sqs } = usage;
  const perThousand = (name: string, amount: number, unit: string) => ({
    name: `${kind}, ${name}`,
    value: (amount / records) * 1000,
    unit: `${unit} per 1,000`,
  });
  return [
    rateFigure(kind, records / durationSeconds, budgets.recordsPerSecond),
    costFigure(kind, load, budgets.usdPerMillion),
    perThousand('table', dynamodb.write_units - dynamodb.index_write_units, 'write units'),
    perThousand('index', dynamodb.index_write_units, 'write units'),
    perThousand('table', dynamodb.read_units, 'read units'),
    perThousand('DynamoDB', dynamodb.requests, 'requests'),
    perThousand('SQS as charged', sqs.billed_requests - sqs.empty_receives, 'requests'),
    perThousand('message bodies', bytes / 1000, 'kB'),
  ];
}

function rateFigure(kind: string, value: number, budget: Budget | undefined): Figure {
  return { name: kind, value, unit: 'records/s', ...(budget && { budget }) };
}

/** US dollars that AWS would charge for a million such records. */
export function costFigure(kind: string, { usage, records }: Load, budget?: Budget): Figure {
  const value = (costOf(usage) / records) * 1e6;
  return { name: kind, value, unit: 'USD per million', ...(budget && { budget }) };
}

const PART_NAMES: Readonly<Record<keyof ReturnType<typeof costParts>, string>> = {
  tableWrites: 'writes to the table',
  indexWrites: 'writes to the index',
  tableReads: 'reads',
  queueRequests: 'queue requests',
  invocations: 'invocations',
  computing: 'computing',
  events: 'announcements put on the bus',
  logs: 'logs and metrics in them',
};

/** What a million such records cost, by what is charged. */
export function partFigures(kind: string, { usage, records }: Load): Figure[] {
  return Object.entries(costParts(usage)).map(([part, usd]) => ({
    name: `${kind}, ${PART_NAMES[part as keyof typeof PART_NAMES]}`,
    value: (usd / records) * 1e6,
    unit: 'USD per million',
  }));
}
