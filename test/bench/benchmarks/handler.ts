import { DEFAULT_READINESS } from '../../../lib/statistics/readiness-thresholds.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { type AwsStub, startAwsStub, type UnitTimes } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { type FunctionProcess, withFunction } from '../function/function-process.ts';
import type { Invocation } from '../function/host-protocol.ts';
import { batches, countRecords, type Message, packedMessages } from '../messages.ts';
import { medianOf, quantileOf } from '../quantiles.ts';
import { LOG_ADDRESS_SHARE, type TrafficOptions, traffic } from '../records.ts';

const RECORDS = 150_000;
const COLD_STARTS = 5;
/** Before an invocation counts as warm. */
const WARM_UP_BATCHES = 3;
const LEAST_PER_SECOND = 20_000;
const MOST_P99_MS = DEFAULT_READINESS.latencyMs;
const SINGLE_RECORDS = 5_000;
/** A write of 25 items takes DynamoDB some milliseconds more than one of one item, which takes less than ten. */
const SERVICE_LATENCY_MS = 10;

/**
 * The function as it is deployed, in a process of its own, with HTTP answered by a stub that does nothing. Batches are
 * what the event source delivers: five packed messages. Throughput is from event to response; latency is what the
 * function itself writes into summaries, from the invocation's start to a message's verdicts, weighted by assessments.
 */
export const handler: Benchmark = {
  name: 'handler',
  summary: `the deployed function, ${DEPLOYED.definition.eventSource.batchSize} packed messages an invocation, network stubbed`,
  async run(context) {
    const stub = await startAwsStub();
    try {
      const records = amount(context, RECORDS);
      const options = { records, addresses: Math.ceil(records * LOG_ADDRESS_SHARE) };
      const all = [...batches(packedMessages(traffic(options)))];
      const cold = await measureCold(all, stub, context);
      return [
        ...(await measureWarm(all, stub, context)),
        ...latencyFigures('first invocation', cold),
        await executionFigure('packed', all, context),
        await executionFigure('one record a message', singly(options, context), context),
      ];
    } finally {
      await stub.close();
    }
  },
};

async function measureWarm(
  all: readonly Message[][],
  stub: AwsStub,
  { progress }: BenchmarkContext,
): Promise<Figure[]> {
  return withFunction(await deployedFunction(), stub, async (warm) => {
    await invokeAll(warm, all.slice(0, WARM_UP_BATCHES));
    stub.takeTimes();
    progress.step('handler, warm', all.length);
    const invocations = await invokeAll(warm, all, (done) => progress.update(done));
    const rate = (msOf: (invocation: Invocation) => number) =>
      medianOf(all.map((batch, n) => (countRecords(batch) / msOf(invocations[n] as Invocation)) * 1000));
    const perCpuSecond = rate(({ cpuMs }) => cpuMs);
    return [
      {
        name: 'per second of CPU time',
        value: perCpuSecond,
        unit: 'records/s',
        budget: { atLeast: LEAST_PER_SECOND },
      },
      { name: 'per second on the clock', value: rate(({ wallMs }) => wallMs), unit: 'records/s' },
      ...latencyFigures('warm', stub.takeTimes()),
    ];
  });
}

/** What one execution gets done where the table and the queue take as long as they do in a region, most of the time. */
async function executionFigure(
  kind: string,
  all: readonly Message[][],
  context: BenchmarkContext,
): Promise<Figure> {
  const stub = await startAwsStub({ latencyMs: SERVICE_LATENCY_MS });
  context.progress.step(`handler, waiting for answers, ${kind}`);
  try {
    return await withFunction(await deployedFunction(), stub, async (warm) => {
      await invokeAll(warm, all.slice(0, WARM_UP_BATCHES));
      const invocations = await invokeAll(warm, all);
      const seconds = invocations.reduce((sum, { wallMs }) => sum + wallMs, 0) / 1000;
      const value = countRecords(all.flat()) / seconds;
      return {
        name: `an execution, answers after ${SERVICE_LATENCY_MS} ms, ${kind}`,
        value,
        unit: 'records/s',
      };
    });
  } finally {
    await stub.close();
  }
}

function singly(options: TrafficOptions, context: BenchmarkContext): Message[][] {
  const texts = traffic(options).take(amount(context, SINGLE_RECORDS));
  return [...batches(texts.map(({ text }) => ({ body: text, records: 1 })))];
}

/** Times of the first invocations of several processes. */
async function measureCold(
  all: readonly Message[][],
  stub: AwsStub,
  context: BenchmarkContext,
): Promise<UnitTimes> {
  const build = await deployedFunction();
  const starts = amount(context, COLD_STARTS);
  context.progress.step('handler, first invocation', starts);
  for (let n = 0; n < starts; n++) {
    await withFunction(build, stub, (cold) => invokeAll(cold, all.slice(n, n + 1)));
    context.progress.update(n + 1);
  }
  return stub.takeTimes();
}

async function invokeAll(
  invoked: FunctionProcess,
  all: readonly Message[][],
  onDone: (batches: number) => void = () => {},
): Promise<Invocation[]> {
  const invocations: Invocation[] = [];
  for (const batch of all) {
    invocations.push(await invoked.invoke(batch));
    onDone(invocations.length);
  }
  return invocations;
}

function latencyFigures(kind: string, { latencies, stored }: UnitTimes): Figure[] {
  const p99 = quantileOf(latencies, 0.99);
  return [
    { name: `latency, ${kind}, p50`, value: quantileOf(latencies, 0.5), unit: 'ms' },
    { name: `latency, ${kind}, p99`, value: p99, unit: 'ms', budget: { atMost: MOST_P99_MS } },
    { name: `received to stored, ${kind}, p99`, value: quantileOf(stored, 0.99), unit: 'ms' },
  ];
}
