import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../lib/logs/input-error.ts';
import { readLog } from '../../../../lib/logs/read-log.ts';
import { type Codec, flowParquet, flowRow, writeParquet } from '../../../factories/flow-parquet.ts';
import { entriesOf, logOf, outcomeOf } from '../../../factories/sensor-logs.ts';
import { createWorkFolder } from '../../../fixtures/service/command-line.ts';

const RECORD = {
  timestamp: 1_790_000_000,
  src_ip: '10.20.4.9',
  src_port: 40_042,
  dst_ip: '203.0.113.7',
  dst_port: 443,
  protocol: 'tcp',
  bytes: 800,
  interface_id: 'eni-1235b8ca123456789',
  action: 'ACCEPT',
  state: 'answered',
};
const NO_DATA = flowRow({
  ...{
    srcaddr: null,
    dstaddr: null,
    srcport: null,
    dstport: null,
    protocol: null,
    bytes: null,
    action: null,
  },
  log_status: 'NODATA',
});

describe('flow logs as Parquet', () => {
  it.each<Codec>(['SNAPPY', 'GZIP', 'ZSTD', 'UNCOMPRESSED'])('are read, packed by %s', async (codec) => {
    const log = await logOf(flowParquet([flowRow(), NO_DATA, flowRow({ protocol: 17 })], codec));

    expect({ format: log.format, unit: log.unit }).toEqual({ format: 'parquet', unit: 'row' });
    expect(log.entries.map(outcomeOf)).toEqual([
      RECORD,
      { skipped: 'NODATA' },
      { ...RECORD, protocol: 'udp' },
    ]);
  });

  it('lie in folders by the hour, and hold several row groups', async () => {
    const path = join(createWorkFolder(), 'aws-service=vpcflowlogs', 'year=2026', 'hour=14', 'a.log.parquet');
    mkdirSync(dirname(path), { recursive: true });
    const rows = Array.from({ length: 2_500 }, (_, n) => flowRow({ start: BigInt(n), dstport: n }));
    writeFileSync(path, flowParquet(rows, 'SNAPPY', 700));

    const log = await readLog({ chunks: createReadStream(path), path });
    const entries = (await Array.fromAsync(log.entries)).flat();

    expect(entries.map(({ position }) => position)).toEqual(rows.map((_, n) => n + 1));
    expect(entries.map((entry) => entry.kind === 'connection' && entry.record.dst_port)).toEqual(
      rows.map((_, n) => n),
    );
  });

  it('may be packed once more', async () => {
    expect((await entriesOf(gzipSync(flowParquet([flowRow()])))).map(outcomeOf)).toEqual([RECORD]);
  });

  it('name the row that is invalid, as it came', async () => {
    const [, entry] = await entriesOf(flowParquet([flowRow(), flowRow({ dstport: 70_000 })]));

    expect(entry).toMatchObject({
      kind: 'invalid',
      position: 2,
      reason: expect.stringMatching(/^dst_port: /),
    });
    expect(JSON.parse((entry as { text: string }).text)).toMatchObject({ dstport: 70_000, bytes: 800 });
  });

  it('may be empty', async () => {
    expect(await entriesOf(flowParquet([]))).toEqual([]);
  });
});

describe('other Parquet files', () => {
  it('with the fields of records are read', async () => {
    const { src_port: _, bytes: __, interface_id: ___, action: ____, state: _____, ...record } = RECORD;
    const columns = Object.entries(record).map(([name, value]) => ({
      name,
      type: typeof value === 'number' ? ('DOUBLE' as const) : ('STRING' as const),
      data: [value],
    }));

    expect((await entriesOf(writeParquet(columns))).map(outcomeOf)).toEqual([record]);
  });

  it.each([
    [
      'that hold no connections',
      writeParquet([{ name: 'price', data: [1, 2] }]),
      /without connections \(its columns are price\)/,
    ],
    [
      'of Security Lake',
      writeParquet([
        { name: 'class_uid', data: [4001] },
        { name: 'src_endpoint', data: ['x'] },
      ]),
      /Security Lake/,
    ],
    ['that are cut short', flowParquet([flowRow()]).subarray(0, 300), /damaged or truncated: /],
    ['that are damaged', Buffer.from(flowParquet([flowRow()])).fill(0xa5, 4, 200), /damaged or truncated: /],
  ])('%s say so', async (_, bytes, message) => {
    const reading = entriesOf(bytes);

    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
  });
});
