import { amount, type Benchmark, type BenchmarkContext } from '../benchmark.ts';
import { startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { withFunction } from '../function/function-process.ts';
import { batches, type Message, packedMessages } from '../messages.ts';
import { medianOf } from '../quantiles.ts';
import { LOG_ADDRESS_SHARE, traffic } from '../records.ts';

const STARTS = 20;
/** Enough for a batch. */
const RECORDS = 10_000;
const MOST_IMPORT_MS = 250;

/**
 * What a new execution environment costs: importing the bundle in a fresh process, its warm-up included, and the first
 * batch after it beside the third. CPU time of all threads, the compiler's and the garbage collector's included; medians.
 */
export const coldStart: Benchmark = {
  name: 'cold-start',
  summary: 'importing the function in a fresh process, and its first batch, CPU time',
  async run(context) {
    const batch = firstBatch();
    const { imports, first, third } = await measure(batch, context);
    return [
      { name: 'import', value: medianOf(imports), unit: 'ms', budget: { atMost: MOST_IMPORT_MS } },
      { name: 'first batch', value: medianOf(first), unit: 'ms' },
      { name: 'third batch', value: medianOf(third), unit: 'ms' },
    ];
  },
};

function firstBatch(): Message[] {
  const records = traffic({ records: RECORDS, addresses: RECORDS * LOG_ADDRESS_SHARE });
  const [batch = []] = batches(packedMessages(records));
  return batch;
}

async function measure(batch: readonly Message[], context: BenchmarkContext) {
  const build = await deployedFunction();
  const stub = await startAwsStub();
  const times = { imports: [] as number[], first: [] as number[], third: [] as number[] };
  const starts = amount(context, STARTS);
  context.progress.step('cold starts', starts);
  try {
    for (let n = 0; n < starts; n++) {
      await withFunction(build, stub, async (started) => {
        times.imports.push(started.importCpuMs);
        times.first.push((await started.invoke(batch)).cpuMs);
        await started.invoke(batch);
        times.third.push((await started.invoke(batch)).cpuMs);
      });
      context.progress.update(n + 1);
    }
    return times;
  } finally {
    await stub.close();
  }
}
