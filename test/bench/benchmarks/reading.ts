import { messagesOf, windowsOf } from '../../../lib/cli/use/push/windows.ts';
import { readLog } from '../../../lib/logs/read-log.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { connectionRecord } from '../../factories/records.ts';
import { ZEEK_HEADER, zeekEntry, zeekLine } from '../../factories/sensor-logs.ts';
import { amount, type Benchmark, type BenchmarkContext, BenchmarkError } from '../benchmark.ts';
import { cpuMillisecondsOf } from '../cpu-time.ts';
import { medianOf } from '../quantiles.ts';
import { LOG_ADDRESS_SHARE, traffic } from '../records.ts';

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
    const { json, columns } = zeekLogs(lines);
    return [
      await measure('Zeek as JSON', json, lines, context),
      await measure('Zeek as columns', columns, lines, context),
    ];
  },
};

/** One log in both forms; as bytes, so that no object of theirs is in the garbage collector's way. */
function zeekLogs(lines: number) {
  const entries = zeekEntries(lines);
  return {
    json: toBytes(entries.map((entry) => JSON.stringify(entry))),
    columns: toBytes([...ZEEK_HEADER, ...entries.map(zeekLine)]),
  };
}

function toBytes(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`);
}

function zeekEntries(records: number) {
  const options = { records, addresses: Math.ceil(records * LOG_ADDRESS_SHARE), intelShare: 0 };
  return [...traffic(options)].map(({ text }) => {
    // Zeek writes addresses in canonical form.
    const record = connectionRecord(JSON.parse(text));
    return zeekEntry({
      ts: record.timestamp,
      uid: record.id,
      'id.orig_h': record.src_ip,
      'id.orig_p': record.src_port,
      'id.resp_h': record.dst_ip,
      'id.resp_p': record.dst_port,
      proto: record.protocol,
      resp_bytes: record.bytes,
      local_orig: record.local_orig,
      local_resp: record.local_resp,
    });
  });
}

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
