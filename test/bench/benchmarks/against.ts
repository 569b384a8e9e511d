import { costOf } from '../../../lib/local/metering/cost.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { deployedFunction, type FunctionBuild, functionOfCheckout } from '../function/build.ts';
import { batches, type Message, packedMessages } from '../messages.ts';
import { medianOf, quantileOf } from '../quantiles.ts';
import { runMetered } from '../queue/metered-run.ts';
import { LOG_ADDRESS_SHARE, traffic } from '../records.ts';

const RECORDS = 30_000;
const PAIRS = 3;
/** Packed messages a batch: what an event holds, and the fewer that it was once. */
const FEW_MESSAGES = 5;

/**
 * This checkout's function beside another's, on the same packed messages in turn, so that whatever the machine does
 * meanwhile happens to both. Figures are ratios, this one's to the other's, medians of three pairs.
 */
export const against: Benchmark = {
  name: 'against',
  summary: "packed messages beside another checkout's function (--against DIR), as ratios",
  async run(context) {
    if (context.against === undefined) return [];
    const other = await functionOfCheckout(context.against);
    const figures: Figure[] = [];
    for (const showsActivity of [false, true]) {
      const messages = [...packedMessages(recordsOf(context, showsActivity))];
      const kind = showsActivity ? 'records that show activity' : 'records that show none';
      const few = inBatchesOf(messages, FEW_MESSAGES);
      figures.push(
        ...(await pairFigures(`${kind}, ${FEW_MESSAGES} messages a batch`, few, few, other, context)),
      );
      figures.push(
        ...(await pairFigures(
          `${kind}, full batches beside those`,
          [...batches(messages)],
          few,
          other,
          context,
        )),
      );
    }
    return figures;
  },
};

function recordsOf(context: BenchmarkContext, showsActivity: boolean) {
  const records = amount(context, RECORDS);
  return traffic({ records, addresses: Math.ceil(records * LOG_ADDRESS_SHARE), showsActivity, seed: 3 });
}

function inBatchesOf(messages: readonly Message[], size: number): Message[][] {
  const count = Math.ceil(messages.length / size);
  return Array.from({ length: count }, (_, n) => messages.slice(n * size, (n + 1) * size));
}

async function pairFigures(
  name: string,
  ours: readonly Message[][],
  theirs: readonly Message[][],
  other: FunctionBuild,
  context: BenchmarkContext,
): Promise<Figure[]> {
  const own = await deployedFunction();
  const ratios: { cpu: number; wall: number; usd: number; p99: number }[] = [];
  context.progress.step(`against, ${name}`, PAIRS);
  for (let pair = 0; pair < PAIRS; pair++) {
    const mine = await runMetered(ours, ours.slice(0, 3), own);
    const its = await runMetered(theirs, theirs.slice(0, 3), other);
    ratios.push({
      cpu: mine.cpuMs / its.cpuMs,
      wall: mine.wallMs / its.wallMs,
      usd: costOf(mine.usage) / costOf(its.usage),
      p99: quantileOf(mine.latencies, 0.99) / quantileOf(its.latencies, 0.99),
    });
    context.progress.update(pair + 1);
  }
  const figure = (what: string, ratioOf: (ratio: (typeof ratios)[number]) => number): Figure => ({
    name: `${name}, ${what}`,
    value: medianOf(ratios.map(ratioOf)),
    unit: 'times the other',
  });
  return [
    figure('CPU time', ({ cpu }) => cpu),
    figure('time of an execution', ({ wall }) => wall),
    figure('cost beside the queue', ({ usd }) => usd),
    figure('to the verdict, p99', ({ p99 }) => p99),
  ];
}
