import type { PackableRecord } from '../../../lib/logs/packing.ts';
import type { Sample } from '../../../lib/statistics/quantile.ts';
import { DEFAULT_READINESS } from '../../../lib/statistics/readiness-thresholds.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { type AwsStub, startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { type FunctionProcess, withFunction } from '../function/function-process.ts';
import { batches, countRecords, type Message, packedMessages } from '../messages.ts';
import { medianOf, quantileOf } from '../quantiles.ts';
import { LOG_ADDRESS_SHARE, traffic } from '../records.ts';

const RECORDS = 100_000;
/** Before anything counts as warm, about other addresses than those of the measurement. */
const WARM_UP_RECORDS = 40_000;
const LEAST_SHARE_PERCENT = 80;
const MOST_P99_MS = DEFAULT_READINESS.latencyMs;

/** What the stub's table says about every address, as a record would bring it along. */
const SAME_INTELLIGENCE = JSON.stringify({
  virustotal: { malicious_vendors: 3, suspicious_vendors: 1, total_vendors: 94 },
  abuseipdb: {
    confidence_score: 40,
    total_reports: 12,
    num_distinct_users: 5,
    last_reported_at: 1_789_000_000,
    usage_type: 'Fixed Line ISP',
  },
});

/**
 * What looking addresses up costs where the answers are kept. Two functions get the same records in turn: one has keys
 * and finds both providers' answers about every address, the other has no keys. In the first round the answers are in
 * the table, in the second the function remembers them. The first function scores with intelligence and the other
 * without, so that in the end it gets records that bring the same along.
 */
export const lookUps: Benchmark = {
  name: 'look-ups',
  summary: 'throughput and latency with kept answers about every address, against none',
  async run(context) {
    const bare = [...publicTraffic(amount(context, RECORDS), '23')];
    const brought = bare.map(({ text, group }) => ({
      text: `${text.slice(0, -1)},"threat_intel":${SAME_INTELLIGENCE}}`,
      group,
    }));
    const other = publicTraffic(amount(context, WARM_UP_RECORDS), '24');
    const stubs = [await startAwsStub({ hasIntelligence: true }), await startAwsStub()] as const;
    const traffic = { warmUp: batched(other), bare: batched(bare), brought: batched(brought) };
    try {
      return await measure(stubs, traffic, context);
    } finally {
      for (const stub of stubs) await stub.close();
    }
  },
};

interface Traffic {
  readonly warmUp: readonly Message[][];
  readonly bare: readonly Message[][];
  /** Those connections, with intelligence. */
  readonly brought: readonly Message[][];
}

/** A function under measurement, with what its writes say of latency. */
interface Measured {
  readonly invoked: FunctionProcess;
  readonly stub: AwsStub;
}

async function measure(
  [withIntelligence, without]: readonly [AwsStub, AwsStub],
  { warmUp, bare, brought }: Traffic,
  { progress }: BenchmarkContext,
): Promise<Figure[]> {
  const build = await deployedFunction();
  return await withFunction(build, withIntelligence, (first) =>
    withFunction(build, without, async (second) => {
      const looking = { invoked: first, stub: withIntelligence };
      const resting = { invoked: second, stub: without };
      progress.step('look-ups, warm-up', 1);
      await inTurn(looking, resting, warmUp);
      progress.step('look-ups, from the table', 1);
      const fromTable = await inTurn(looking, resting, bare);
      progress.step('look-ups, from memory', 1);
      const fromMemory = await inTurn(looking, resting, bare);
      progress.step('look-ups, brought along', 1);
      const againstBrought = await inTurn(looking, resting, bare, brought);
      const share = 'throughput, of that without look-ups';
      return [
        percentFigure(`${share}, from memory`, fromMemory.share, LEAST_SHARE_PERCENT),
        percentFigure(`${share}, from the table`, fromTable.share, LEAST_SHARE_PERCENT),
        percentFigure('throughput, of that with the same brought along', againstBrought.share),
        latencyFigure('latency without look-ups, p99', fromMemory.latencies.resting),
        latencyFigure('latency from memory, p99', fromMemory.latencies.looking, MOST_P99_MS),
        latencyFigure('latency from the table, p99', fromTable.latencies.looking, MOST_P99_MS),
      ];
    }),
  );
}

/** Both functions get one batch after the other: what disturbs the machine disturbs both. */
async function inTurn(
  looking: Measured,
  resting: Measured,
  batchesOfOne: readonly Message[][],
  batchesOfOther = batchesOfOne,
) {
  for (const { stub } of [looking, resting]) stub.takeTimes();
  const shares: number[] = [];
  for (const [n, batch] of batchesOfOne.entries()) {
    const rate = await rateOf(looking.invoked, batch);
    shares.push(rate / (await rateOf(resting.invoked, batchesOfOther[n] ?? batch)));
  }
  return {
    share: medianOf(shares),
    latencies: { looking: looking.stub.takeTimes().latencies, resting: resting.stub.takeTimes().latencies },
  };
}

/** Records per second of CPU time. */
async function rateOf(invoked: FunctionProcess, batch: readonly Message[]): Promise<number> {
  return (countRecords(batch) / (await invoked.invoke(batch)).cpuMs) * 1000;
}

function percentFigure(name: string, share: number, atLeast?: number): Figure {
  const value = Math.round(share * 100);
  return { name, value, unit: '%', ...(atLeast !== undefined && { budget: { atLeast } }) };
}

function latencyFigure(name: string, latencies: readonly Sample[], atMost?: number): Figure {
  const value = quantileOf(latencies, 0.99);
  return { name, value, unit: 'ms', ...(atMost !== undefined && { budget: { atMost } }) };
}

/**
 * Traffic as in a log whose sensor brings nothing along, with addresses that are looked up: those of benchmarks are not.
 *
 * @param network first number of its addresses
 */
function* publicTraffic(records: number, network: string): Generator<PackableRecord> {
  const addresses = Math.ceil(records * LOG_ADDRESS_SHARE);
  const asPublic = (text: string) =>
    text
      .replaceAll('198.18.', `${network}.18.`)
      .replaceAll('198.19.', `${network}.19.`)
      .replaceAll('2001:db8:', `26${network}:db8:`);
  for (const { text, group } of traffic({ records, addresses, intelShare: 0 })) {
    yield { text: asPublic(text), group: asPublic(group) };
  }
}

function batched(records: Iterable<PackableRecord>): Message[][] {
  return [...batches(packedMessages(records))];
}
