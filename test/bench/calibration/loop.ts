import { hash } from 'node:crypto';
import { seededRandom } from '../random.ts';

const RECORDS = 200;

/** What one pass over the same records comes to: any other sum means that other work was measured. */
export const LOOP_CHECKSUM = 6_519_359;

/** A fixed text, so that every pass does the same work on every machine. */
const TEXTS = createTexts();

/**
 * One pass of the calibration loop: work of the kinds that the service does, in fixed shares and with nothing of the
 * service's own in it, so that no change of the service changes it. It reads 200 small JSON objects, counts them by
 * a key in a map, computes logarithms and exponentials, writes them again as JSON, and hashes the texts by SHA-256.
 *
 * @returns a checksum of what was computed
 */
export function calibrationLoop(): number {
  const counts = new Map<string, number>();
  let sum = 0;
  for (const text of TEXTS) {
    const { key, values, ...rest } = JSON.parse(text) as Entry;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    let odds = 0;
    for (const value of values) odds += Math.log1p(value) - Math.exp(-value);
    const written = JSON.stringify({ ...rest, key, odds: Math.round(odds * 1e3) });
    sum += written.length + hash('sha256', written, 'buffer').readUInt16BE(0);
  }
  for (const [key, count] of counts) sum += key.length * count;
  return sum;
}

interface Entry {
  readonly key: string;
  readonly values: readonly number[];
  readonly [other: string]: unknown;
}

function createTexts(): string[] {
  const random = seededRandom(1);
  return Array.from({ length: RECORDS }, (_, n) =>
    JSON.stringify({
      n,
      key: `198.51.100.${n % 40}`,
      values: Array.from({ length: 8 }, () => Math.floor(random() * 1_000) / 100),
      text: 'a text of some length, as sensors write it',
      isOdd: n % 2 === 1,
    }),
  );
}
