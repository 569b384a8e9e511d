import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openInput } from '../../../lib/cli/use/input/open-input.ts';
import type { PackableRecord } from '../../../lib/logs/packing.ts';
import { readLog } from '../../../lib/logs/read-log.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { withStoredText } from '../../../lib/store/stored-text.ts';
import { allItems } from '../../factories/items.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { cpuMilliseconds } from '../cpu-time.ts';
import { LOG_ADDRESS_SHARE, traffic } from '../records.ts';
import { batchSizeFigures } from '../tuning/batch-sizes.ts';
import { batchingWindowFigures } from '../tuning/batching-windows.ts';
import { computingCost, packAndPlan, queueCost, writeCost } from '../tuning/estimate.ts';
import { keyedContent, LAYOUTS } from '../tuning/layouts.ts';
import { memoryFigures } from '../tuning/memory-sizes.ts';

const RECORDS = 120_000;
const TARGET_BYTES = [60_000, 125_000, 190_000, 255_000, 1_000_000];
const WINDOW_RECORDS = [5_000, 20_000, 60_000, 120_000];

/**
 * What other choices would cost: how items are laid out, how records are packed, how many messages an invocation gets,
 * how long it waits for them and how much memory it has. Layouts and packings are computed from the items that the
 * service plans to write; the others are run.
 */
export const tuning: Benchmark = {
  name: 'tuning',
  summary: 'what other layouts, packings, batches and memory sizes would cost',
  isOnRequest: true,
  async run(context) {
    const records = amount(context, RECORDS);
    const log = [...traffic({ records, addresses: Math.ceil(records * LOG_ADDRESS_SHARE) })];
    const real = await realRecords(context);
    return [
      ...layoutFigures('generated log', log),
      ...(real.length > 0 ? layoutFigures('logs', real) : []),
      ...packingFigures(log),
      ...(await batchSizeFigures(log, context)),
      ...(await memoryFigures(log, context)),
      ...(await batchingWindowFigures(log, context)),
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
    const items = plans.flatMap(({ items: own, summary }) => [
      ...own.map(withStoredText),
      ...allItems(summary),
    ]);
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
