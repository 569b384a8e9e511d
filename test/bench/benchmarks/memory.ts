import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { amount, type Benchmark, type BenchmarkContext, type Figure } from '../benchmark.ts';
import { type AwsStub, startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { withFunction } from '../function/function-process.ts';
import { fullBatch, packedMessages } from '../messages.ts';
import { LOG_ADDRESS_SHARE, smallestRecords, traffic } from '../records.ts';

const MEGABYTE = 1024 * 1024;
/** More than an event holds. */
const RECORDS = 100_000;
/** An execution environment takes one event after the other; what it keeps must not add up. */
const INVOCATIONS = 5;
/** Of what is configured: the rest is for what nobody thought of. */
const MOST_MEGABYTES = DEPLOYED.definition.function.memoryMegabytes / 2;

/**
 * The most resident memory that the function's process has ever had, all of Node.js included, when one full event of
 * 6 MB follows the other. The worst case is a log in which no address comes twice, the very worst one whose records
 * are as small as can be, so that an event holds the most of them.
 */
export const memory: Benchmark = {
  name: 'memory',
  summary: 'peak resident memory of the function for full events of 6 MB',
  async run(context) {
    const stub = await startAwsStub();
    const log = traffic({ records: RECORDS, addresses: RECORDS * LOG_ADDRESS_SHARE });
    const distinct = traffic({ records: RECORDS, addresses: RECORDS });
    const cases = [
      { name: 'as in a log', messages: fullBatch(packedMessages(log)) },
      { name: 'every record its own address', messages: fullBatch(packedMessages(distinct)) },
      { name: 'the same, smallest records', messages: fullBatch(packedMessages(smallestRecords(RECORDS))) },
    ];
    context.progress.step('memory', cases.length);
    try {
      const figures: Figure[] = [];
      for (const { name, messages } of cases) {
        const bytes = await peakBytes(messages, stub, context);
        figures.push({ name, value: bytes / MEGABYTE, unit: 'MB', budget: { atMost: MOST_MEGABYTES } });
        context.progress.update(figures.length);
      }
      return figures;
    } finally {
      await stub.close();
    }
  },
};

async function peakBytes(
  messages: ReturnType<typeof fullBatch>,
  stub: AwsStub,
  context: BenchmarkContext,
): Promise<number> {
  return withFunction(await deployedFunction(), stub, async (invoked) => {
    let peak = 0;
    for (let n = 0; n < amount(context, INVOCATIONS); n++) peak = (await invoked.invoke(messages)).peakBytes;
    return peak;
  });
}
