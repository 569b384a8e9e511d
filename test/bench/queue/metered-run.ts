import { type Usage, UsageMeter } from '../../../lib/local/metering/usage.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { startAwsStub, type UnitTimes } from '../function/aws-stub.ts';
import { deployedFunction, type FunctionBuild } from '../function/build.ts';
import { withFunction } from '../function/function-process.ts';
import { countRecords, type Message } from '../messages.ts';

/** What some batches came to, one after the other in one execution. */
export interface MeteredRun extends UnitTimes {
  readonly records: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Without the queue's requests, which depend on how the batches came about. */
  readonly usage: Usage;
}

/** A write of 25 items takes DynamoDB some milliseconds more than one of one item, which takes less than ten. */
const SERVICE_LATENCY_MS = 10;
/** Before an invocation counts as warm. */
const WARM_UP_BATCHES = 3;

/**
 * Runs batches through the function with a table that answers after 10 ms, and counts what they cost beside the queue.
 *
 * @param warmUp batches that come first and do not count
 */
export async function runMetered(
  all: readonly Message[][],
  warmUp: readonly Message[][] = all.slice(0, WARM_UP_BATCHES),
  build?: FunctionBuild,
): Promise<MeteredRun> {
  const stub = await startAwsStub({ latencyMs: SERVICE_LATENCY_MS, isMetered: true });
  const meter = new UsageMeter(DEPLOYED.definition.function.memoryMegabytes);
  try {
    return await withFunction(build ?? (await deployedFunction()), stub, async (warm) => {
      for (const batch of warmUp) await warm.invoke(batch);
      stub.takeUsage();
      stub.takeTimes();
      let wallMs = 0;
      let cpuMs = 0;
      for (const batch of all) {
        const invocation = await warm.invoke(batch);
        meter.countInvocation(invocation.wallMs, false);
        meter.addLogBytes(invocation.logBytes);
        wallMs += invocation.wallMs;
        cpuMs += invocation.cpuMs;
      }
      const usage = { ...meter.read(), dynamodb: stub.takeUsage() };
      return { records: countRecords(all.flat()), wallMs, cpuMs, usage, ...stub.takeTimes() };
    });
  } finally {
    await stub.close();
  }
}
