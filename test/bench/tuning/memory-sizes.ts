import { PRICES } from '../../../lib/local/metering/prices.ts';
import type { PackableRecord } from '../../../lib/logs/packing.ts';
import type { BenchmarkContext, Figure } from '../benchmark.ts';
import { startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { withFunction } from '../function/function-process.ts';
import { batches, countRecords, packedMessages } from '../messages.ts';
import { weightedQuantile } from '../quantiles.ts';

/** Lambda gives one whole processor with 1,769 MB, and with less memory so much less of it. Lambda Developer Guide, "Configure Lambda function memory". */
const MEGABYTES_PER_PROCESSOR = 1_769;
const MEMORY_SIZES = [512, 885, 1_769];
const WARM_UP_BATCHES = 5;

/**
 * Latency and price of the function by its memory, which is its share of a processor: the process is stopped for the
 * rest of each 20 ms, as Lambda's own scheduler does it. Time on the clock is what is billed.
 */
export async function memoryFigures(
  log: Iterable<PackableRecord>,
  { progress }: BenchmarkContext,
): Promise<Figure[]> {
  const all = [...batches(packedMessages(log))];
  const records = countRecords(all.flat());
  const stub = await startAwsStub();
  const figures: Figure[] = [];
  progress.step('tuning, memory sizes', MEMORY_SIZES.length);
  try {
    for (const [n, megabytes] of MEMORY_SIZES.entries()) {
      await withFunction(await deployedFunction(), stub, async (invoked) => {
        for (const batch of all.slice(0, WARM_UP_BATCHES)) await invoked.invoke(batch);
        stub.takeLatencies();
        const share = megabytes / MEGABYTES_PER_PROCESSOR;
        const endThrottling = share < 1 ? invoked.throttle(share) : () => {};
        let wallMs = 0;
        try {
          for (const batch of all) wallMs += (await invoked.invoke(batch)).wallMs;
        } finally {
          endThrottling();
        }
        const latencies = stub.takeLatencies();
        const usd = (wallMs / 1000) * (megabytes / 1024) * PRICES.lambdaGigabyteSecond;
        const name = `memory of ${megabytes.toLocaleString('en-US')} MB`;
        figures.push(
          { name: `${name}, latency p50`, value: weightedQuantile(latencies, 0.5), unit: 'ms' },
          { name: `${name}, latency p99`, value: weightedQuantile(latencies, 0.99), unit: 'ms' },
          { name: `${name}, computing`, value: (usd / records) * 1e6, unit: 'USD per million' },
        );
      });
      progress.update(n + 1);
    }
    return figures;
  } finally {
    await stub.close();
  }
}
