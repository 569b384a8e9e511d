import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { StubObject } from './function/log-file-stub.ts';
import { sensorLogs } from './logs.ts';

const BLOCK_LINES = 100_000;
const PIECE_LINES = 500;
const PIECE_BYTES = 262_144;

/** A log of Zeek's as JSON, of any length: a hundred thousand lines again and again, each with a time and id of its own. */
async function* zeekLog(lines: number): AsyncGenerator<Buffer> {
  const block = sensorLogs(Math.min(lines, BLOCK_LINES)).zeekJson.toString().trimEnd().split('\n');
  for (let first = 0; first < lines; first += block.length) {
    const renewed = (line: string) =>
      line
        .replace(/"ts":(\d+)/, (_, seconds) => `"ts":${Number(seconds) + first}`)
        .replace('"uid":"', `"uid":"C${first}`);
    for (let at = 0; at < block.length; at += PIECE_LINES) {
      const piece = block.slice(at, Math.min(at + PIECE_LINES, lines - first));
      if (piece.length > 0) yield Buffer.from(`${piece.map(renewed).join('\n')}\n`);
    }
  }
}

/** Such a log packed by gzip, in a temporary file that goes with the process. */
export async function packedLog(lines: number): Promise<StubObject> {
  const folder = mkdtempSync(join(tmpdir(), 'threat-consensus-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'conn.log.gz');
  await pipeline(Readable.from(zeekLog(lines)), createGzip({ level: 1 }), createWriteStream(path));
  return {
    size: statSync(path).size,
    read: (start) => createReadStream(path, { start, highWaterMark: PIECE_BYTES }),
  };
}

/** A log of a size that is nowhere as a whole: the same lines again and again. */
export function endlessLog(size: number): StubObject {
  const block = sensorLogs(BLOCK_LINES / 2).zeekJson;
  return {
    size,
    async *read(from) {
      for (let at = from; at < size; ) {
        const start = at % block.length;
        const piece = block.subarray(start, Math.min(start + PIECE_BYTES, block.length));
        yield piece;
        at += piece.length;
      }
    },
  };
}
