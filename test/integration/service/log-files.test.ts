import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowParquet, flowRow } from '../../factories/flow-parquet.ts';
import { jsonLines } from '../../factories/records.ts';
import { ZEEK_HEADER, zeekEntry, zeekLine } from '../../factories/sensor-logs.ts';
import { type LogFileService, startLogFileService } from '../../fixtures/service/log-file-service.ts';

let service: LogFileService;

beforeAll(async () => {
  service = await startLogFileService();
});

afterAll(() => service.stop());

/** Zeek's entries, each another connection. */
function entries(count: number, uid = 'C') {
  return Array.from({ length: count }, (_, n) =>
    zeekEntry({ ts: 1_790_000_000 + n, uid: `${uid}${n}`, 'id.resp_h': `203.0.113.${n % 200}` }),
  );
}

describe('a log file that is put into the bucket', () => {
  it.each([
    ['Zeek JSON', (count: number) => jsonLines(entries(count, 'json'))],
    ['gzip', (count: number) => gzipSync(jsonLines(entries(count, 'gzip')))],
    ['Zstandard', (count: number) => zstdCompressSync(jsonLines(entries(count, 'zstd')))],
    ['Zeek TSV', (count: number) => [...ZEEK_HEADER, ...entries(count, 'tsv').map(zeekLine)].join('\n')],
    [
      'Parquet',
      (count: number) =>
        flowParquet(Array.from({ length: count }, (_, n) => flowRow({ srcport: 1_024 + n }))),
    ],
  ])('is scored: %s', async (name, make) => {
    const before = await service.totals();
    const key = `logs/${name} a+b.log`;
    await service.put(key, make(500));

    const object = await service.ended(key);
    expect(object).toMatchObject({
      state: 'done',
      progress: { counts: { read: 500, sent: 500, invalid: 0 } },
    });
    expect(await service.totals()).toEqual({ ...before, stored: before.stored + 500 });
  });
});
