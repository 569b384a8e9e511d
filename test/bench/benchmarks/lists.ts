import type { AddressRange } from '../../../lib/intelligence/lists/address-range.ts';
import { joinRanges } from '../../../lib/intelligence/lists/join-ranges.ts';
import type { ListedRange } from '../../../lib/intelligence/lists/listed-range.ts';
import {
  type PackedRanges,
  packRanges,
  unpackRanges,
} from '../../../lib/intelligence/lists/packed-ranges.ts';
import type { RangeSet } from '../../../lib/intelligence/lists/range-set.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { cpuMilliseconds } from '../cpu-time.ts';
import { seededRandom } from '../random.ts';

const ENTRIES = 1_000_000;
const LOOK_UPS = 100_000;
const REPETITIONS = 5;
/** DynamoDB charges half a read unit for 4 KB that need not be consistent. */
const BYTES_A_READ_UNIT = 8_192;

/**
 * What a list of a million entries takes: to put in order and pack (each time that it is refreshed), to read and unpack
 * (each time that an execution starts or it has changed), in memory, and to look an address up. CPU time, since reading
 * the parts from the table is not in it.
 */
export const lists: Benchmark = {
  name: 'lists',
  summary: 'a list of a million addresses: packing, loading, memory, look-ups',
  async run(context) {
    return ([4, 6] as const).flatMap((family) => measure(family, context));
  },
};

function measure(family: 4 | 6, context: BenchmarkContext): Figure[] {
  const entries = amount(context, ENTRIES);
  const name = `IPv${family}`;
  context.progress.step(`lists, ${name}`, 1);
  const random = seededRandom(family);
  const listed = Array.from(
    { length: entries },
    (_, n): ListedRange => ({
      ...rangeAt(family, random),
      lastListedDay: 20_000 + (n % 3),
    }),
  );
  let parts: PackedRanges[] = [];
  const packing = cpuMilliseconds(() => {
    parts = packRanges(joinRanges(listed));
  });
  const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0);
  const loading: number[] = [];
  let set: RangeSet = unpackRanges([]);
  for (let n = 0; n < REPETITIONS; n++) {
    loading.push(
      cpuMilliseconds(() => {
        set = unpackRanges(parts);
      }),
    );
  }
  const addresses = Array.from({ length: LOOK_UPS }, () => addressText(family, random));
  const finding = Array.from({ length: REPETITIONS }, () =>
    cpuMilliseconds(() => {
      for (const address of addresses) set.lastListedDay(address);
    }),
  );
  return [
    { name: `${name}: put in order and packed`, value: packing, unit: 'ms' },
    { name: `${name}: bytes stored`, value: bytes / entries, unit: 'bytes/entry' },
    { name: `${name}: read units a load`, value: Math.ceil(bytes / BYTES_A_READ_UNIT), unit: 'units' },
    { name: `${name}: unpacked`, value: Math.min(...loading), unit: 'ms', budget: { atMost: 1_000 } },
    {
      name: `${name}: memory`,
      value: set.bytes / set.size,
      unit: 'bytes/entry',
      budget: { atMost: family === 4 ? 16 : 40 },
    },
    {
      name: `${name}: an address looked up`,
      value: (Math.min(...finding) * 1_000) / LOOK_UPS,
      unit: 'µs',
      budget: { atMost: 2 },
    },
  ];
}

/** Addresses of IPv4 all over it, and networks (/64) of IPv6 in one of its allocations. */
function rangeAt(family: 4 | 6, random: () => number): AddressRange {
  if (family === 4) {
    const first = BigInt(Math.floor(random() * 2 ** 32));
    return { family, first, last: first };
  }
  const network = (BigInt(Math.floor(random() * 2 ** 24)) << 24n) | BigInt(Math.floor(random() * 2 ** 24));
  const first = (0x2a00n << 112n) | (network << 64n);
  return { family, first, last: first + (1n << 64n) - 1n };
}

function addressText(family: 4 | 6, random: () => number): string {
  const part = (most: number) => Math.floor(random() * most);
  if (family === 4) return Array.from({ length: 4 }, () => part(256)).join('.');
  return `2a00:${Array.from({ length: 3 }, () => (1 + part(65_535)).toString(16)).join(':')}::1`;
}
