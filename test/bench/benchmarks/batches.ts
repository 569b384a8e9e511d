import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { withFunction } from '../function/function-process.ts';
import { fullBatch, type Message, packedMessages } from '../messages.ts';
import { medianOf, quantileOf } from '../quantiles.ts';
import { type EventSource, type SimulatedBatch, simulateBatches } from '../queue/event-source.ts';
import { type MeteredRun, runMetered } from '../queue/metered-run.ts';
import { LOG_ADDRESS_SHARE, type TrafficOptions, traffic } from '../records.ts';
import { deployedSource, messagesOf, singleBatches, timeFigures, usdPerMillion } from './singles.ts';

const WINDOWS_SECONDS = [1, 2, 5];
const BATCH_SIZES = [500, 1_000, 2_000, 4_000];
const RATES = [100, 1_000];
const PACKED_RATES = [2, 20];
const PACKED_BYTES = 190_000;
const MEGABYTE = 1024 * 1024;

/**
 * What the choice of batch size and window is made by: for singles the price over windows and sizes, for packed messages
 * what they wait, and for full batches of each kind, and of both together, CPU time, latency and memory.
 */
export const batchChoices: Benchmark = {
  name: 'batches',
  summary: 'what batch size and window cost and bring: singles, packed messages and both',
  async run(context) {
    return [
      ...(await windowFigures(context)),
      ...packedWaits(),
      ...(await sizeFigures(context)),
      ...(await fullBatchFigures(context)),
    ];
  },
};

async function windowFigures(context: BenchmarkContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  context.progress.step('batches, windows', WINDOWS_SECONDS.length * RATES.length);
  for (const perSecond of RATES) {
    const texts = textsOf({ records: amount(context, perSecond * 30), seed: 11 });
    for (const windowSeconds of WINDOWS_SECONDS) {
      const sending = { perSecond, perRequest: 10 };
      const simulated = singleBatches(texts, sending, { ...deployedSource(), windowSeconds });
      const run = await runMetered(messagesOf(simulated, texts));
      const name = `singles, ${perSecond.toLocaleString('en-US')}/s, window ${windowSeconds} s`;
      figures.push({ name, value: usdPerMillion(run, simulated, 10), unit: 'USD per million' });
      figures.push(...waitFigures(name, simulated));
      context.progress.update(figures.length / 3);
    }
  }
  return figures;
}

/** From a message's arrival in the queue to its invocation. */
function waitFigures(name: string, batches: readonly SimulatedBatch[]): Figure[] {
  const waits = batches.flatMap(({ messages, invokedAtMs }) =>
    messages.map(({ sentAtMs }) => ({ value: (invokedAtMs - sentAtMs) / 1000, weight: 1 })),
  );
  const figure = (share: number) => ({
    name: `${name}, sent to invoked, p${share * 100}`,
    value: quantileOf(waits, share),
    // Simulated, so that no machine changes it.
    unit: 's simulated',
  });
  return [figure(0.5), figure(0.99)];
}

function packedWaits(): Figure[] {
  return PACKED_RATES.flatMap((perSecond) =>
    WINDOWS_SECONDS.flatMap((windowSeconds) => {
      const stream = { messages: 60 * perSecond, perSecond, perRequest: 1, messageBytes: PACKED_BYTES };
      const batches = simulateBatches(stream, { ...deployedSource(), windowSeconds });
      const name = `packed, ${perSecond} messages/s, window ${windowSeconds} s`;
      return [
        { name: `${name}, a batch`, value: stream.messages / batches.length, unit: 'messages' },
        ...waitFigures(name, batches),
      ];
    }),
  );
}

async function sizeFigures(context: BenchmarkContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  context.progress.step('batches, sizes', BATCH_SIZES.length);
  const texts = textsOf({ records: amount(context, 40_000), seed: 12 });
  for (const batchSize of BATCH_SIZES) {
    const source: EventSource = { ...deployedSource(), batchSize, windowSeconds: 5 };
    const sending = { perSecond: Number.POSITIVE_INFINITY, perRequest: 10 };
    const simulated = singleBatches(texts, sending, source);
    const run = await runMetered(messagesOf(simulated, texts));
    const name = `singles, backlog, ${batchSize.toLocaleString('en-US')} a batch`;
    figures.push(
      { name, value: usdPerMillion(run, simulated, 10), unit: 'USD per million' },
      ...speedFigures(name, run),
    );
    context.progress.update(figures.length / 3);
  }
  return figures;
}

function speedFigures(name: string, run: MeteredRun): Figure[] {
  return [
    { name: `${name}, a second of CPU time`, value: (run.records / run.cpuMs) * 1000, unit: 'records/s' },
    ...timeFigures(name, run),
  ];
}

/** Full events: of the most singles that a batch takes, of packed messages, and of packed messages with singles. */
async function fullBatchFigures(context: BenchmarkContext): Promise<Figure[]> {
  const { batchSize } = DEPLOYED.definition.eventSource;
  const packed = fullBatch(packedMessages(traffic(optionsOf({ records: 100_000, seed: 13 }))));
  const singles = textsOf({ records: batchSize, seed: 14 }).map((body) => ({ body, records: 1 }));
  const mixed = [...packed.slice(0, 15), ...singles.slice(0, Math.floor(batchSize / 2))];
  const half = DEPLOYED.definition.function.memoryMegabytes / 2;
  const figures: Figure[] = [];
  const kinds: [string, Message[]][] = [
    [`${batchSize.toLocaleString('en-US')} singles`, singles],
    [`${packed.length} packed messages`, packed],
    [
      `${mixed.length - Math.floor(batchSize / 2)} packed messages and ${Math.floor(batchSize / 2)} singles`,
      mixed,
    ],
  ];
  context.progress.step('batches, full events', kinds.length);
  for (const [kind, batch] of kinds) {
    const { cpuMs, peakBytes, ...times } = await invokeOften(batch, amount(context, 10));
    figures.push(
      { name: `full event, ${kind}`, value: cpuMs, unit: 'ms' },
      ...timeFigures(`full event, ${kind}`, times),
      {
        name: `full event, ${kind}, memory`,
        value: peakBytes / MEGABYTE,
        unit: 'MB',
        budget: { atMost: half },
      },
    );
  }
  return figures;
}

async function invokeOften(batch: readonly Message[], invocations: number) {
  const stub = await startAwsStub();
  try {
    return await withFunction(await deployedFunction(), stub, async (invoked) => {
      await invoked.invoke(batch);
      stub.takeTimes();
      const all = [];
      for (let n = 0; n < invocations; n++) all.push(await invoked.invoke(batch));
      return {
        cpuMs: medianOf(all.map(({ cpuMs }) => cpuMs)),
        peakBytes: all.at(-1)?.peakBytes ?? 0,
        ...stub.takeTimes(),
      };
    });
  } finally {
    await stub.close();
  }
}

function textsOf(options: Pick<TrafficOptions, 'records' | 'seed'>): string[] {
  return Array.from(traffic(optionsOf(options)), ({ text }) => text);
}

function optionsOf({ records, seed = 1 }: Pick<TrafficOptions, 'records' | 'seed'>): TrafficOptions {
  return { records, addresses: Math.ceil(records * LOG_ADDRESS_SHARE), seed };
}
