import { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Benchmark } from '../benchmark.ts';
import { deployedFunction } from '../function/build.ts';

const MOST_KILOBYTES = 500;

/** Size of the deployed file, minified. */
export const bundle: Benchmark = {
  name: 'bundle',
  summary: 'size of the deployed file',
  async run() {
    const { bundlePath } = await deployedFunction();
    const kilobytes = statSync(bundlePath).size / 1000;
    const zipped = gzipSync(readFileSync(bundlePath)).length / 1000;
    return [
      { name: 'minified', value: kilobytes, unit: 'kB', budget: { atMost: MOST_KILOBYTES } },
      { name: 'zipped', value: zipped, unit: 'kB' },
    ];
  },
};
