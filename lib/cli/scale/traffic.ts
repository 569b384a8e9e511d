/** What comes, and how. */
export interface Traffic {
  /** Records a second. */
  readonly rate: number;
  /** Share of distinct remote addresses among the records that are packed together, 0-1. */
  readonly addressShare: number;
  /** Share of all records that the busiest address takes, 0-1. */
  readonly hotShare: number;
  /** Each record in a message of its own. */
  readonly isSingle: boolean;
  /** Addresses a day that nobody brings threat intelligence for, and nobody has looked up in the last 24 hours. */
  readonly newAddressesPerDay: number;
}

/** What the service is made of, as far as it matters here. */
export interface Service {
  readonly batchSize: number;
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
  readonly usdPerMillion: number;
}

/** Share of distinct addresses among records packed together, with what a record comes to there. */
type Measured = readonly [addressShare: number, writeUnits: number, usdPerMillion: number];

/**
 * Measured by `npm run bench` (cost) on records made up as a sensor's log has them, packed.
 */
const MEASURED: readonly Measured[] = [
  [0.01, 0.051, 0.04],
  [0.04, 0.103, 0.072],
  [0.1, 0.209, 0.14],
  [0.3, 0.559, 0.36],
  [1, 1.81, 1.15],
];

/**
 * Half of what the function does on one processor with the network stubbed is left for the table's answers. An item
 * grows by 28 write units with 962 records of one address.
 */
const PACKED = { recordsPerMessage: 550, recordsPerSecond: 15_000, rowWriteUnits: 0.03 };
/** An item a record, two units of the table in most cases: the half that every item's last unit has is not in the row. */
const SINGLE: RecordCosts = {
  recordsPerMessage: 1,
  recordsPerSecond: 500,
  writeUnits: 4.2,
  rowWriteUnits: 1.6,
  usdPerMillion: 3.03,
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
