import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { loadFigures, runPacked, runSingly } from '../load.ts';
import { LOG_ADDRESS_SHARE, type TrafficOptions, traffic } from '../records.ts';

const LOG_RECORDS = 60_000;
const SINGLE_RECORDS = 3_000;
const BUDGETS = { recordsPerSecond: { atLeast: 5_000 }, usdPerMillion: { atMost: 0.25 } };

/**
 * Queue, function and table on the embedded stack, as `npm start` runs them: from the first message sent to the last
 * one done. Costs are counted from requests and capacity units at list prices; Lambda's time is this machine's. Records
 * are as in a sensor's real log; `cost` measures others.
 */
export const endToEnd: Benchmark = {
  name: 'end-to-end',
  summary: 'records through the embedded stack, costs at AWS list prices',
  async run(context) {
    const stack = await startLocalStack({ ...DEPLOYED, settings: () => '{"mode":"consensus"}' });
    try {
      return [...(await measureLog(stack, context)), ...(await measureSingle(stack, context))];
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

async function measureSingle(stack: LocalStack, context: BenchmarkContext): Promise<Figure[]> {
  context.progress.step('end to end, single');
  const records = traffic(withShare(amount(context, SINGLE_RECORDS), LOG_ADDRESS_SHARE, 99));
  const load = await runSingly(
    stack,
    records.map(({ text }) => text),
  );
  return loadFigures('single', load);
}

function withShare(records: number, share: number, seed: number): TrafficOptions {
  return { records, addresses: Math.ceil(records * share), seed };
}

function packedAt(share: number): string {
  return `packed, ${share * 100} % distinct addresses`;
}
