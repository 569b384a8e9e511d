import type { PackableRecord } from '../../../lib/records/packing.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { type AwsStub, startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { type FunctionProcess, withFunction } from '../function/function-process.ts';
import { batches, countRecords, type Message, packedMessages } from '../messages.ts';
import { medianOf, type Sample, weightedQuantile } from '../quantiles.ts';
import { LOG_ADDRESS_SHARE, traffic } from '../records.ts';

const RECORDS = 100_000;
/** Before an invocation counts as warm. */
const WARM_UP_BATCHES = 3;
const LEAST_SHARE_PERCENT = 80;
const MOST_P99_MS = 100;

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
 * What looking addresses up costs where the answers are in memory or in the table. Two functions get the same records
 * in turn: one has keys and finds both providers' answers about every address, the other has no keys. The first
 * scores with intelligence and the second without, so that a third gets records that bring the same along.
 */
export const lookUps: Benchmark = {
  name: 'look-ups',
  summary: 'throughput and latency with kept answers about every address, against none',
  async run(context) {
    const records = amount(context, RECORDS);
    const bare = [...publicTraffic(records)];
    const brought = bare.map(({ text, group }) => ({
      text: `${text.slice(0, -1)},"threat_intel":${SAME_INTELLIGENCE}}`,
      group,
    }));
    const stubs = [await startAwsStub({ hasIntelligence: true }), await startAwsStub()] as const;
    try {
      return await measure(stubs, batched(bare), batched(brought), context);
    } finally {
      for (const stub of stubs) await stub.close();
    }
  },
};

async function measure(
  [withIntelligence, without]: readonly [AwsStub, AwsStub],
  bare: readonly Message[][],
  brought: readonly Message[][],
  { progress }: BenchmarkContext,
): Promise<Figure[]> {
  const build = await deployedFunction();
  return await withFunction(build, withIntelligence, (looking) =>
    withFunction(build, without, async (resting) => {
      for (const batch of bare.slice(0, WARM_UP_BATCHES)) {
        await rateOf(looking, batch);
        await rateOf(resting, batch);
      }
      withIntelligence.takeLatencies();
      without.takeLatencies();
      progress.step('look-ups', bare.length);
      const restingLatencies: Sample[] = [];
      const rates: { looking: number; resting: number; bringing: number }[] = [];
      for (const [n, batch] of bare.entries()) {
        const rate = { looking: await rateOf(looking, batch), resting: await rateOf(resting, batch) };
        restingLatencies.push(...without.takeLatencies());
        rates.push({ ...rate, bringing: await rateOf(resting, brought[n] ?? batch) });
        without.takeLatencies();
        progress.update(n + 1);
      }
      return [
        percentFigure(
          'throughput, of that without look-ups',
          medianOf(rates.map((rate) => rate.looking / rate.resting)),
          LEAST_SHARE_PERCENT,
        ),
        percentFigure(
          'throughput, of that with the same brought along',
          medianOf(rates.map((rate) => rate.looking / rate.bringing)),
        ),
        {
          name: 'latency without look-ups, p99',
          value: weightedQuantile(restingLatencies, 0.99),
          unit: 'ms',
        },
        {
          name: 'latency with look-ups, p99',
          value: weightedQuantile(withIntelligence.takeLatencies(), 0.99),
          unit: 'ms',
          budget: { atMost: MOST_P99_MS },
        },
      ];
    }),
  );
}

/** Records a second of CPU time. */
async function rateOf(invoked: FunctionProcess, batch: readonly Message[]): Promise<number> {
  return (countRecords(batch) / (await invoked.invoke(batch)).cpuMs) * 1000;
}

function percentFigure(name: string, share: number, atLeast?: number): Figure {
  const value = Math.round(share * 100);
  return { name, value, unit: '%', ...(atLeast !== undefined && { budget: { atLeast } }) };
}

/** Traffic as in a log whose sensor brings nothing along, with addresses that are looked up: those of benchmarks are not. */
function* publicTraffic(records: number): Generator<PackableRecord> {
  const addresses = Math.ceil(records * LOG_ADDRESS_SHARE);
  for (const { text, group } of traffic({ records, addresses, intelShare: 0 })) {
    yield { text: asPublic(text), group: asPublic(group) };
  }
}

function asPublic(text: string): string {
  return text
    .replaceAll('198.18.', '23.18.')
    .replaceAll('198.19.', '23.19.')
    .replaceAll('2001:db8:', '2600:db8:');
}

function batched(records: Iterable<PackableRecord>): Message[][] {
  return [...batches(packedMessages(records))];
}
