import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { deployedFunction } from '../function/build.ts';
import { costFigure, loadFigures, runPacked, runSingly } from '../load.ts';
import { LOG_ADDRESS_SHARE, type TrafficOptions } from '../records.ts';

const LOG_RECORDS = 60_000;
const SINGLE_RECORDS = 3_000;
const RECORDS_BY_SHARE = 20_000;
const OTHER_ADDRESS_SHARES = [0.01, 0.1, 0.3, 1];
const BUDGETS = { recordsPerSecond: { atLeast: 5_000 }, usdPerMillion: { atMost: 0.25 } };

/**
 * Queue, function and table on the embedded stack, as `npm start` runs them: from the first message sent to the last
 * one done. Costs are counted from requests and capacity units at list prices; Lambda's time is this machine's. Packed
 * records are as in a sensor's real log, then with fewer and with more distinct addresses.
 */
export const endToEnd: Benchmark = {
  name: 'end-to-end',
  summary: 'records through the embedded stack, costs at AWS list prices',
  async run(context) {
    const { bundlePath } = await deployedFunction();
    const stack = await startLocalStack({ bundlePath, settings: () => '{"mode":"consensus"}' });
    try {
      return [
        ...(await measureLog(stack, context)),
        ...(await measureOtherShares(stack, context)),
        ...(await measureSingle(stack, context)),
      ];
    } finally {
      await stack.stop();
    }
  },
};

async function measureLog(stack: LocalStack, context: BenchmarkContext): Promise<Figure[]> {
  context.progress.step('end to end, packed');
  const load = await runPacked(stack, withShare(amount(context, LOG_RECORDS), LOG_ADDRESS_SHARE, 1));
  return loadFigures(packedAt(LOG_ADDRESS_SHARE), load, BUDGETS);
}

async function measureOtherShares(stack: LocalStack, context: BenchmarkContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  context.progress.step('end to end, addresses', OTHER_ADDRESS_SHARES.length);
  for (const [n, share] of OTHER_ADDRESS_SHARES.entries()) {
    const load = await runPacked(stack, withShare(amount(context, RECORDS_BY_SHARE), share, n + 2));
    figures.push(costFigure(packedAt(share), load));
    context.progress.update(n + 1);
  }
  return figures;
}

async function measureSingle(stack: LocalStack, context: BenchmarkContext): Promise<Figure[]> {
  context.progress.step('end to end, single');
  const load = await runSingly(stack, withShare(amount(context, SINGLE_RECORDS), LOG_ADDRESS_SHARE, 99));
  return loadFigures('single', load);
}

function withShare(records: number, share: number, seed: number): TrafficOptions {
  return { records, addresses: Math.ceil(records * share), seed };
}

function packedAt(share: number): string {
  return `packed, ${share * 100} % distinct addresses`;
}
