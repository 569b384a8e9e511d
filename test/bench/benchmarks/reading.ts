import { readLog } from '../../../lib/logs/read-log.ts';
import { messagesOf, windowsOf } from '../../../lib/logs/windows.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { amount, type Benchmark, type BenchmarkContext, BenchmarkError } from '../benchmark.ts';
import { cpuMillisecondsOf } from '../cpu-time.ts';
import { sensorLogs } from '../logs.ts';
import { medianOf } from '../quantiles.ts';

const LINES = 100_000;
const ROUNDS = 5;
const LEAST_PER_SECOND = 150_000;
/** What a file's reader gives out at a time. */
const CHUNK_BYTES = 262_144;

/**
 * What `push` does before it sends: reads a sensor's log, checks every entry, makes records of them and packs these into
 * messages. Figures are of CPU time, the garbage collector's included, and the median of five rounds after a warm-up.
 */
export const reading: Benchmark = {
  name: 'reading',
  summary: "a sensor's log read, checked and packed on one core, CPU time",
  async run(context) {
    const lines = amount(context, LINES);
    const { zeekJson, zeekColumns, eve } = sensorLogs(lines);
    return [
      await measure('Zeek as JSON', zeekJson, lines, context),
      await measure('Zeek as columns', zeekColumns, lines, context),
      await measure("Suricata's EVE", eve, lines, context),
    ];
  },
};

async function measure(name: string, log: Buffer, entries: number, { progress }: BenchmarkContext) {
  await readAndPack(log, entries);
  progress.step(`reading, ${name}`, ROUNDS);
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await cpuMillisecondsOf(() => readAndPack(log, entries)));
    progress.update(round + 1);
  }
  const value = (entries / medianOf(rounds)) * 1000;
  return { name, value, unit: 'lines/s', budget: { atLeast: LEAST_PER_SECOND } };
}

async function readAndPack(log: Buffer, entries: number): Promise<void> {
  const { entries: read } = await readLog({ chunks: chunksOf(log) });
  let packed = 0;
  for await (const window of windowsOf(read, { isLocal: createLocality([]) })) {
    for (const { records } of messagesOf(window)) packed += records.length;
  }
  if (packed !== entries) throw new BenchmarkError(`${packed} of ${entries} entries were packed`);
}

async function* chunksOf(log: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < log.length; start += CHUNK_BYTES)
    yield log.subarray(start, start + CHUNK_BYTES);
}
