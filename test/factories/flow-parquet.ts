import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';

export type Codec = 'SNAPPY' | 'GZIP' | 'ZSTD' | 'UNCOMPRESSED';

export interface FlowRow {
  readonly srcaddr: string | null;
  readonly dstaddr: string | null;
  readonly srcport: number | null;
  readonly dstport: number | null;
  readonly protocol: number | null;
  readonly bytes: bigint | null;
  readonly start: bigint;
  readonly action: string | null;
  readonly log_status: string;
}

export function flowRow(changes: Partial<FlowRow> = {}): FlowRow {
  return {
    srcaddr: '10.20.4.9',
    dstaddr: '203.0.113.7',
    srcport: 40_042,
    dstport: 443,
    protocol: 6,
    bytes: 800n,
    start: 1_790_000_000n,
    action: 'ACCEPT',
    log_status: 'OK',
    ...changes,
  };
}

const TYPES = {
  version: 'INT32',
  interface_id: 'STRING',
  srcaddr: 'STRING',
  dstaddr: 'STRING',
  srcport: 'INT32',
  dstport: 'INT32',
  protocol: 'INT32',
  bytes: 'INT64',
  start: 'INT64',
  action: 'STRING',
  log_status: 'STRING',
} as const;

/** Writes flows as AWS does to S3: a column each, null if there is nothing. */
export function flowParquet(rows: readonly FlowRow[], codec: Codec = 'SNAPPY', rowGroupSize = 1_000): Buffer {
  const columnData: ColumnSource[] = Object.entries(TYPES).map(([name, type]) => ({
    name,
    type,
    nullable: true,
    data: rows.map((row) => ({ version: 2, interface_id: 'eni-1235b8ca123456789', ...row })[name] ?? null),
  }));
  return writeParquet(columnData, codec, rowGroupSize);
}

export function writeParquet(
  columnData: ColumnSource[],
  codec: Codec = 'SNAPPY',
  rowGroupSize = 1_000,
): Buffer {
  const compressors = { GZIP: gzipSync, ZSTD: zstdCompressSync };
  return Buffer.from(parquetWriteBuffer({ columnData, codec, compressors, rowGroupSize }));
}
