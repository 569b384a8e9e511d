import { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { amount, type Benchmark, type BenchmarkContext } from '../benchmark.ts';
import { startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { withFunction } from '../function/function-process.ts';
import { medianOf } from '../quantiles.ts';

const STARTS = 5;
const MOST_KILOBYTES = 500;

/** Size of the deployed file, minified, and how long a fresh process takes to import it, its warm-up included. */
export const bundle: Benchmark = {
  name: 'bundle',
  summary: 'size of the deployed file, and how long it takes to import',
  async run(context) {
    const { bundlePath } = await deployedFunction();
    const kilobytes = statSync(bundlePath).size / 1000;
    const zipped = gzipSync(readFileSync(bundlePath)).length / 1000;
    return [
      { name: 'minified', value: kilobytes, unit: 'kB', budget: { atMost: MOST_KILOBYTES } },
      { name: 'zipped', value: zipped, unit: 'kB' },
      { name: 'import, median', value: medianOf(await importTimes(context)), unit: 'ms' },
    ];
  },
};

async function importTimes(context: BenchmarkContext): Promise<number[]> {
  const build = await deployedFunction();
  const stub = await startAwsStub();
  const times: number[] = [];
  const starts = amount(context, STARTS);
  context.progress.step('bundle, imports', starts);
  try {
    for (let n = 0; n < starts; n++) {
      times.push(await withFunction(build, stub, async ({ importMs }) => importMs));
      context.progress.update(n + 1);
    }
    return times;
  } finally {
    await stub.close();
  }
}
