import type { Traffic } from '../../results/scale.ts';

/** What the service is made of, as far as it matters here. */
export interface Service {
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  /** Deliveries of a message that keeps failing. */
  readonly maxReceiveCount: number;
  readonly addressShards: number;
  readonly timeShards: number;
}

/** What one record takes. Measured: see `MEASURED`. */
export interface RecordCosts {
  /** Write units of the table and of its index, a record. */
  readonly writeUnits: number;
  /** Write units of a record that shares its item with others of its address: what its row takes. */
  readonly rowWriteUnits: number;
  /** Records per second that one execution gets done. */
  readonly recordsPerSecond: number;
  readonly recordsPerMessage: number;
  readonly bytesPerMessage: number;
  readonly usdPerMillion: number;
  /** What a request for each message adds to it, where messages are not sent in tens. */
  readonly usdOneByOne?: number;
}

/** Share of distinct addresses among records packed together, with what a record comes to there. */
type Measured = readonly [addressShare: number, writeUnits: number, usdPerMillion: number];

/** Measured by `npm run bench` (cost) on records made up as a sensor's log has them, packed as `push` does it. */
const MEASURED: readonly Measured[] = [
  [0.01, 0.0694, 0.0508],
  [0.04, 0.138, 0.0939],
  [0.1, 0.264, 0.177],
  [0.3, 0.657, 0.442],
  [1, 2.42, 1.66],
];

/**
 * Records per second are those of one execution whose table answers within 10 ms (handler), write units of a row those of
 * records of one address alone (growth).
 */
const PACKED = {
  recordsPerMessage: 550,
  bytesPerMessage: 190_000,
  recordsPerSecond: 20_000,
  rowWriteUnits: 0.03,
};
/**
 * Records that come one per message, ten messages a request, at so many a second: they share items and a summary with those
 * of their batch, so that a record costs the less the more of them come. Measured by `npm run bench` (singles) on records
 * made up as a sensor's log has them, in batches as a simulated event source forms them.
 */
const MEASURED_SINGLES: readonly MeasuredSingles[] = [
  { rate: 10, writeUnits: 0.905, usdPerMillion: 0.885, usdOneByOne: 1.49, recordsPerSecond: 440 },
  { rate: 100, writeUnits: 0.809, usdPerMillion: 0.689, usdOneByOne: 0.77, recordsPerSecond: 1_100 },
  { rate: 1_000, writeUnits: 0.579, usdPerMillion: 0.494, usdOneByOne: 0.56, recordsPerSecond: 3_300 },
  { rate: 10_000, writeUnits: 0.432, usdPerMillion: 0.4, usdOneByOne: 0.36, recordsPerSecond: 6_000 },
];

interface MeasuredSingles {
  readonly rate: number;
  readonly writeUnits: number;
  readonly usdPerMillion: number;
  /** What a request for each message adds to it. */
  readonly usdOneByOne: number;
  readonly recordsPerSecond: number;
}

/** A small record with what the queue and Lambda add to it. */
const SINGLE_BYTES = 1_500;

/** What a record of some traffic takes; between measured shares of addresses, or rates, in proportion. */
export function recordCosts({ isSingle, addressShare, rate }: Traffic): RecordCosts {
  if (isSingle) return singleCosts(rate);
  const next = MEASURED.findIndex(([share]) => share >= addressShare);
  const upper = MEASURED[next === -1 ? MEASURED.length - 1 : next] ?? NOTHING;
  const lower = MEASURED[next - 1] ?? upper;
  const between = proportion(lower[0], upper[0], addressShare);
  return {
    ...PACKED,
    writeUnits: between(lower[1], upper[1]),
    usdPerMillion: between(lower[2], upper[2]),
  };
}

/** Rates in proportion of their logarithms; beyond what was measured, as there. */
function singleCosts(rate: number): RecordCosts {
  const [least] = MEASURED_SINGLES as [MeasuredSingles, ...MeasuredSingles[]];
  const upper =
    MEASURED_SINGLES.find((measured) => measured.rate >= rate) ?? MEASURED_SINGLES.at(-1) ?? least;
  const lower = MEASURED_SINGLES.findLast((measured) => measured.rate <= rate) ?? least;
  const between = proportion(Math.log(lower.rate), Math.log(upper.rate), Math.log(rate));
  return {
    recordsPerMessage: 1,
    bytesPerMessage: SINGLE_BYTES,
    rowWriteUnits: PACKED.rowWriteUnits,
    recordsPerSecond: between(lower.recordsPerSecond, upper.recordsPerSecond),
    writeUnits: between(lower.writeUnits, upper.writeUnits),
    usdPerMillion: between(lower.usdPerMillion, upper.usdPerMillion),
    usdOneByOne: between(lower.usdOneByOne, upper.usdOneByOne),
  };
}

/** Lies between two figures as `value` does between `from` and `to`. */
function proportion(from: number, to: number, value: number): (lower: number, upper: number) => number {
  const part = to === from ? 0 : (value - from) / (to - from);
  return (lower, upper) => lower + part * (upper - lower);
}

const NOTHING: Measured = [0, 0, 0];
