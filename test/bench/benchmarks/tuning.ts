import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openInput } from '../../../lib/cli/run/open-input.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { readLog } from '../../../lib/records/formats/read-log.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import type { PackableRecord } from '../../../lib/records/packing.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { cpuMilliseconds } from '../cpu-time.ts';
import { startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { withFunction } from '../function/function-process.ts';
import { countRecords, type Message, packedMessages } from '../messages.ts';
import { weightedQuantile } from '../quantiles.ts';
import { LOG_ADDRESS_SHARE, traffic } from '../records.ts';
import { computingCost, packAndPlan, queueCost, writeCost } from '../tuning/estimate.ts';
import { keyedContent, LAYOUTS } from '../tuning/layouts.ts';

const RECORDS = 120_000;
const BATCH_SIZES = [1, 5, 10, 20];
const TARGET_BYTES = [60_000, 125_000, 190_000, 255_000, 1_000_000];
const WINDOW_RECORDS = [5_000, 20_000, 60_000, 120_000];

/**
 * What other choices would cost: how items are laid out, how records are packed, how many messages an invocation gets.
 * Layouts and packings are computed from the items that the service plans to write; batches are run in the function's
 * own process.
 */
export const tuning: Benchmark = {
  name: 'tuning',
  summary: 'what other layouts, packings and batch sizes would cost',
  isOnRequest: true,
  async run(context) {
    const records = amount(context, RECORDS);
    const log = [...traffic({ records, addresses: Math.ceil(records * LOG_ADDRESS_SHARE) })];
    const real = await realRecords(context);
    return [
      ...layoutFigures('generated log', log),
      ...(real.length > 0 ? layoutFigures('logs', real) : []),
      ...packingFigures(log),
      ...(await batchFigures(log, context)),
    ];
  },
};

function layoutFigures(kind: string, records: readonly PackableRecord[]): Figure[] {
  const { plans, bodies } = packAndPlan(records, {});
  const items = plans.flatMap((plan) => plan.items).map(keyedContent);
  const fixed = queueCost(bodies) + writeCost(plans.flatMap(({ summary }) => summary));
  return LAYOUTS.flatMap(({ name, itemsOf }) => {
    for (const item of items.slice(0, 500)) itemsOf(item);
    const milliseconds = cpuMilliseconds(() => {
      for (const item of items) itemsOf(item);
    });
    const usd = fixed + writeCost(items.flatMap((item) => itemsOf(item))) + computingCost(milliseconds);
    return [
      { name: `${kind}: ${name}`, value: (usd / records.length) * 1e6, unit: 'USD per million' },
      {
        name: `${kind}: ${name}, time`,
        value: (milliseconds / records.length) * 1000,
        unit: 'µs per record',
      },
    ];
  });
}

function packingFigures(records: readonly PackableRecord[]): Figure[] {
  const usdOf = (packing: Parameters<typeof packAndPlan>[1]) => {
    const { plans, bodies } = packAndPlan(records, packing);
    const items = plans.flatMap(({ items: own, summary }) => [...own, ...summary]);
    return ((queueCost(bodies) + writeCost(items)) / records.length) * 1e6;
  };
  const unit = 'USD per million';
  return [
    ...TARGET_BYTES.map((targetBytes) => ({
      name: `messages of ${targetBytes / 1000} kB`,
      value: usdOf({ targetBytes }),
      unit,
    })),
    ...WINDOW_RECORDS.map((windowRecords) => ({
      name: `${windowRecords.toLocaleString('en-US')} records packed together`,
      value: usdOf({ windowRecords }),
      unit,
    })),
  ];
}

async function batchFigures(log: Iterable<PackableRecord>, context: BenchmarkContext): Promise<Figure[]> {
  const messages = [...packedMessages(log)];
  const stub = await startAwsStub();
  try {
    const figures: Figure[] = [];
    for (const size of BATCH_SIZES) {
      context.progress.step(`tuning, batches of ${size}`);
      figures.push(...(await batchFigure(size, messages, stub)));
    }
    return figures;
  } finally {
    await stub.close();
  }
}

async function batchFigure(
  size: number,
  messages: readonly Message[],
  stub: Awaited<ReturnType<typeof startAwsStub>>,
): Promise<Figure[]> {
  return await withFunction(await deployedFunction(), stub, async (invoked) => {
    // Code is compiled before anything is measured.
    for (const message of messages.slice(0, 20)) await invoked.invoke([message]);
    stub.takeLatencies();
    let milliseconds = 0;
    for (let start = 0; start < messages.length; start += size)
      milliseconds += (await invoked.invoke(messages.slice(start, start + size))).cpuMs;
    const name = size === 1 ? 'batches of 1 message' : `batches of ${size} messages`;
    const records = countRecords(messages);
    return [
      { name: `${name}, function`, value: (milliseconds / records) * 1000, unit: 'µs per record' },
      { name: `${name}, latency p50`, value: weightedQuantile(stub.takeLatencies(), 0.5), unit: 'ms' },
    ];
  });
}

/** All connections of all logs in the folder. */
async function realRecords({ logs }: BenchmarkContext): Promise<PackableRecord[]> {
  if (logs === undefined) return [];
  const isLocal = createLocality([]);
  const records: PackableRecord[] = [];
  for (const name of readdirSync(logs).sort()) {
    const { entries } = await readLog(await openInput(join(logs, name)));
    for (const entry of (await Array.fromAsync(entries)).flat()) {
      if (entry.kind !== 'connection') continue;
      records.push({ text: entry.text, group: remoteEndpoint(entry.record, isLocal).address });
    }
  }
  return records;
}
