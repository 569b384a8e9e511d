import { gzipSync } from 'node:zlib';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowParquet, flowRow } from '../../factories/flow-parquet.ts';
import { jsonLines } from '../../factories/records.ts';
import { vpcLine, ZEEK_HEADER, zeekEntry, zeekLine } from '../../factories/sensor-logs.ts';
import { type LogFileService, startLogFileService } from '../../fixtures/service/log-file-service.ts';

/** Objects as written by the shippers that docs/s3.md covers: keys, compression, headers, envelopes. */
let service: LogFileService;

beforeAll(async () => {
  service = await startLogFileService();
});

afterAll(() => service.stop());

const ENTRIES = 150;
const FLOWS = 'AWSLogs/111122223333/vpcflowlogs/eu-central-1/2026/11/27/';
const FLOW_FILE = '111122223333_vpcflowlogs_eu-central-1_fl-0123456789abcdef0_20261127T1005Z_8f3a2b1c';

function zeek(uid: string) {
  return Array.from({ length: ENTRIES }, (_, n) =>
    zeekEntry({ ts: 1_790_000_000 + n, uid: `${uid}${n}`, 'id.resp_h': `203.0.113.${n % 50}` }),
  );
}

function flowText(): string {
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  const lines = Array.from({ length: ENTRIES }, (_, n) => vpcLine({ srcport: String(1_024 + n) }));
  return `${[header, ...lines].join('\n')}\n`;
}

interface Written {
  readonly key: string;
  readonly body: Buffer;
  readonly headers?: { readonly ContentEncoding?: string; readonly ContentType?: string };
}

const WRITTEN: readonly [by: string, written: Written][] = [
  [
    'VPC flow logs as text',
    {
      key: `${FLOWS}${FLOW_FILE}.log.gz`,
      body: gzipSync(flowText()),
      headers: { ContentType: 'application/octet-stream' },
    },
  ],
  [
    'VPC flow logs as Parquet',
    {
      key: `${FLOWS}${FLOW_FILE}.log.parquet`,
      body: Buffer.from(
        flowParquet(
          Array.from({ length: ENTRIES }, (_, n) => flowRow({ srcport: 30_000 + n })),
          'GZIP',
        ),
      ),
    },
  ],
  [
    "Zeek's rotation, as columns",
    {
      key: 'zeek/berlin-3/2026-11-27/conn.00:00:00-01:00:00.log.gz',
      body: gzipSync([...ZEEK_HEADER, ...zeek('T').map(zeekLine), '#close\t2026-11-27-01-00-00'].join('\n')),
    },
  ],
  [
    "Vector's aws_s3, lines of a file",
    {
      key: 'vector/2026-11-27/1795773600-5c8f0b1e-9a44-4f0e-8a39-0d6f3b7b1c55.log.gz',
      body: gzipSync(
        jsonLines(
          zeek('V').map((entry) => ({
            file: '/opt/zeek/logs/current/conn.log',
            host: 'sensor-3',
            message: JSON.stringify(entry),
            source_type: 'file',
            timestamp: '2026-11-27T10:00:00.123456789Z',
          })),
        ),
      ),
      headers: { ContentEncoding: 'gzip', ContentType: 'text/x-log' },
    },
  ],
  [
    "Vector's aws_s3, of parsed lines",
    {
      key: 'vector/2026-11-27/1795773660-0e1d2c3b-1111-4f0e-8a39-0d6f3b7b1c55.log.gz',
      body: gzipSync(jsonLines(zeek('P'))),
      headers: { ContentEncoding: 'gzip', ContentType: 'text/x-log' },
    },
  ],
  [
    "Fluent Bit's s3, lines of a file",
    {
      key: 'fluent-bit/zeek.conn/2026-11-27/100000-Yk3fJ9aQ.gz',
      body: gzipSync(
        jsonLines(
          zeek('F').map((entry) => ({ date: '2026-11-27T10:00:00.123456Z', log: JSON.stringify(entry) })),
        ),
      ),
      headers: { ContentEncoding: 'gzip' },
    },
  ],
  [
    "Fluent Bit's s3, of parsed lines",
    {
      key: 'fluent-bit/zeek.conn/2026-11-27/100100-Bq7hT2xW.gz',
      body: gzipSync(
        jsonLines(zeek('G').map((entry) => ({ date: '2026-11-27T10:00:00.123456Z', ...entry }))),
      ),
      headers: { ContentEncoding: 'gzip' },
    },
  ],
];

describe('a log file of', () => {
  it.each(WRITTEN)('%s is scored', async (_, { key, body, headers }) => {
    const before = await service.totals();
    await service.s3.send(new PutObjectCommand({ Bucket: service.bucket, Key: key, Body: body, ...headers }));

    expect(await service.ended(key)).toMatchObject({
      state: 'done',
      progress: { counts: { read: ENTRIES, sent: ENTRIES, invalid: 0, skipped: {} } },
    });
    expect(await service.totals()).toEqual({ ...before, stored: before.stored + ENTRIES });
  });

  it('Fluent Bit that is uploaded in parts, each compressed by itself, is scored once', async () => {
    const before = await service.totals();
    const Key = 'fluent-bit/zeek.conn/2026-11-27/100200-Cr8jU4zX.gz';
    const target = { Bucket: service.bucket, Key };
    const { UploadId } = await service.s3.send(new CreateMultipartUploadCommand(target));
    // S3 requires 5 MiB for each part but the last; gzip may store them uncompressed.
    const padding = `${' '.repeat(5 * 2 ** 20)}\n`;
    const parts = [gzipSync(jsonLines(zeek('M')) + padding, { level: 0 }), gzipSync(jsonLines(zeek('N')))];
    const Parts = [];
    for (const [index, Body] of parts.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await service.s3.send(
        new UploadPartCommand({ ...target, UploadId, PartNumber, Body }),
      );
      Parts.push({ ETag, PartNumber });
    }
    await service.s3.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
    );

    expect(await service.ended(Key)).toMatchObject({
      state: 'done',
      progress: { counts: { read: 2 * ENTRIES, sent: 2 * ENTRIES } },
    });
    expect(await service.totals()).toEqual({ ...before, stored: before.stored + 2 * ENTRIES });
  });
});
