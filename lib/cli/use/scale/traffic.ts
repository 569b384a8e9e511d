import type { Traffic } from '../../results/scale.ts';

/** The service's properties that matter for scaling. */
export interface Service {
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  /** Deliveries before a failing message goes to the dead-letter queue. */
  readonly maxReceiveCount: number;
  readonly addressShards: number;
  readonly timeShards: number;
}

/** Measured costs of one record: see `MEASURED`. */
export interface RecordCosts {
  /** Write units per record, table and index. */
  readonly writeUnits: number;
  /** Write units of one more record in an item of the same address: the cost of its row. */
  readonly rowWriteUnits: number;
  /** Records per second and execution. */
  readonly recordsPerSecond: number;
  readonly recordsPerMessage: number;
  readonly bytesPerMessage: number;
  readonly usdPerMillion: number;
  /** Additional cost if each message is sent in its own request instead of batches of ten. */
  readonly usdOneByOne?: number;
}

/** Share of distinct addresses among records packed together, with the cost of a record at that share. */
type Measured = readonly [addressShare: number, writeUnits: number, usdPerMillion: number];

/** Measured by `npm run bench` (cost) on synthetic records that resemble a sensor's log, packed as by `push`. */
const MEASURED: readonly Measured[] = [
  [0.01, 0.0694, 0.0508],
  [0.04, 0.138, 0.0939],
  [0.1, 0.264, 0.177],
  [0.3, 0.657, 0.442],
  [1, 2.42, 1.66],
];

/**
 * Records per second are of one execution with a table that answers within 10 ms (handler); write units of a row are of
 * records of a single address (growth).
 */
const PACKED = {
  recordsPerMessage: 550,
  bytesPerMessage: 190_000,
  recordsPerSecond: 20_000,
  rowWriteUnits: 0.03,
};
/**
 * One record per message, ten messages a request, by records per second. They share items and a summary with the rest
 * of their batch, so a record costs less at higher rates. Measured by `npm run bench` (singles) on synthetic records
 * that resemble a sensor's log, in batches formed by a simulated event source.
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
  /** Additional cost of a request per message. */
  readonly usdOneByOne: number;
  readonly recordsPerSecond: number;
}

/** A small record with the overhead of the queue and Lambda. */
const SINGLE_BYTES = 1_500;

/** Cost of a record; interpolated between measured address shares or rates. */
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

/** Interpolates on a logarithmic scale of rates; constant outside the measured range. */
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

/** Linear interpolation between two figures, as `value` lies between `from` and `to`. */
function proportion(from: number, to: number, value: number): (lower: number, upper: number) => number {
  const part = to === from ? 0 : (value - from) / (to - from);
  return (lower, upper) => lower + part * (upper - lower);
}

const NOTHING: Measured = [0, 0, 0];
