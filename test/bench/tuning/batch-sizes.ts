import type { PackableRecord } from '../../../lib/logs/packing.ts';
import type { BenchmarkContext, Figure } from '../benchmark.ts';
import { startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { type FunctionProcess, withFunction } from '../function/function-process.ts';
import { countRecords, type Message, packedMessages } from '../messages.ts';
import { quantileOf } from '../quantiles.ts';

const BATCH_SIZES = [1, 5, 10, 20];
/** Messages by which code is compiled before anything is measured. */
const WARM_UP_MESSAGES = 30;
const ROUNDS = 2;

/**
 * Time and latency of the function by the number of messages that an invocation gets. Sizes take turns in one process,
 * so that none of them has it better compiled or the machine less busy.
 */
export async function batchSizeFigures(
  log: Iterable<PackableRecord>,
  { progress }: BenchmarkContext,
): Promise<Figure[]> {
  const messages = [...packedMessages(log)];
  const stub = await startAwsStub();
  const sizes = BATCH_SIZES.map((size) => ({
    size,
    cpuMs: 0,
    latencies: [] as { value: number; weight: number }[],
  }));
  try {
    return await withFunction(await deployedFunction(), stub, async (invoked) => {
      await invokeInBatches(invoked, messages.slice(0, WARM_UP_MESSAGES), 1);
      stub.takeLatencies();
      progress.step('tuning, batch sizes', ROUNDS * sizes.length);
      for (let round = 0; round < ROUNDS; round++) {
        for (const [n, measured] of sizes.entries()) {
          measured.cpuMs += await invokeInBatches(invoked, messages, measured.size);
          measured.latencies.push(...stub.takeLatencies());
          progress.update(round * sizes.length + n + 1);
        }
      }
      return sizes.flatMap(({ size, cpuMs, latencies }) => {
        const name = size === 1 ? 'batches of 1 message' : `batches of ${size} messages`;
        const microseconds = (cpuMs / (countRecords(messages) * ROUNDS)) * 1000;
        return [
          { name: `${name}, function`, value: microseconds, unit: 'µs per record' },
          { name: `${name}, latency p50`, value: quantileOf(latencies, 0.5), unit: 'ms' },
          { name: `${name}, latency p99`, value: quantileOf(latencies, 0.99), unit: 'ms' },
        ];
      });
    });
  } finally {
    await stub.close();
  }
}

/** @returns CPU time, ms */
async function invokeInBatches(
  invoked: FunctionProcess,
  messages: readonly Message[],
  size: number,
): Promise<number> {
  let cpuMs = 0;
  for (let start = 0; start < messages.length; start += size)
    cpuMs += (await invoked.invoke(messages.slice(start, start + size))).cpuMs;
  return cpuMs;
}
