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
  /** Records a second that one execution gets done. */
  readonly recordsPerSecond: number;
  readonly recordsPerMessage: number;
  readonly bytesPerMessage: number;
  readonly usdPerMillion: number;
}

/** Share of distinct addresses among records packed together, with what a record comes to there. */
type Measured = readonly [addressShare: number, writeUnits: number, usdPerMillion: number];

/** Measured by `npm run bench` (cost) on records made up as a sensor's log has them, packed as `push` does it. */
const MEASURED: readonly Measured[] = [
  [0.01, 0.047, 0.035],
  [0.04, 0.087, 0.06],
  [0.1, 0.161, 0.107],
  [0.3, 0.393, 0.253],
  [1, 1.21, 0.767],
];

/**
 * Records a second are those of one execution whose table answers within 10 ms (handler), write units of a row those of
 * records of one address alone (growth).
 */
const PACKED = {
  recordsPerMessage: 550,
  bytesPerMessage: 190_000,
  recordsPerSecond: 20_000,
  rowWriteUnits: 0.03,
};
/** An item and a summary a record, both in the index, and five of them an invocation. */
const SINGLE: RecordCosts = {
  recordsPerMessage: 1,
  bytesPerMessage: 600,
  recordsPerSecond: 180,
  writeUnits: 3.3,
  rowWriteUnits: 0.6,
  usdPerMillion: 2.62,
};

/** What a record of some traffic takes; between measured shares of addresses, in proportion. */
export function recordCosts({ isSingle, addressShare }: Traffic): RecordCosts {
  if (isSingle) return SINGLE;
  const next = MEASURED.findIndex(([share]) => share >= addressShare);
  const upper = MEASURED[next === -1 ? MEASURED.length - 1 : next] ?? NOTHING;
  const lower = MEASURED[next - 1] ?? upper;
  const part = upper[0] === lower[0] ? 0 : (addressShare - lower[0]) / (upper[0] - lower[0]);
  const between = (from: number, to: number) => from + part * (to - from);
  return {
    ...PACKED,
    writeUnits: between(lower[1], upper[1]),
    usdPerMillion: between(lower[2], upper[2]),
  };
}

const NOTHING: Measured = [0, 0, 0];
