import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  eveFlow,
  vpcLine,
  writeLegacyDatabase,
  ZEEK_HEADER,
  zeekEntry,
  zeekLine,
} from '../../factories/sensor-logs.ts';
import { callWith, ONE_LINE_ERROR } from '../../fixtures/cli/calls.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';

const folder = createWorkFolder();
const call = callWith({});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const MISSING = join(folder, 'missing.log');
const SECRET = file('secret.log', 'x');
chmodSync(SECRET, 0);
/** Root may read everything, and then finds text of no known format. */
const NOT_READABLE =
  process.getuid?.() === 0
    ? /secret\.log: the format is unknown/
    : /cannot read .*secret\.log: permission denied/;

const EMPTY_TABLE = join(folder, 'empty.db');
writeLegacyDatabase(EMPTY_TABLE, []);

const COMMANDS = [['run'], ['push', '--dry-run'], ['score']] as const;

describe.concurrent('what is no use ends run, push and score alike, with one line and 1', () => {
  it.for<[string, string, RegExp]>([
    ['a missing file', MISSING, /cannot read .*missing\.log: there is no such file; check the path/],
    ['a file without permission', SECRET, NOT_READABLE],
    ['a folder', folder, /is a folder: name a file in it; `find .* -type f -exec /],
    ['a URL', 'https://logs.example.org/conn.log', /is a URL: download it first, as in `curl -fsSL https:/],
    [
      'an object in S3',
      's3://bucket/conn.log',
      /is a URL: download it first, as in `aws s3 cp s3:\/\/bucket\/conn\.log - \|/,
    ],
    ['an empty file', file('empty.log', ''), /it is empty/],
    [
      'a packet capture',
      file('a.pcap', Buffer.from('d4c3b2a1020004000000', 'hex')),
      /this is a packet capture; run Zeek/,
    ],
    [
      'a packed archive',
      file('a.tgz', gzipSync(`${'a'.repeat(257)}ustar\0`)),
      /this is a tar archive; extract/,
    ],
    ['a web page', file('a.log', '<!DOCTYPE html>\n<html>'), /this is a web page/],
    ['lines without their header', file('tail.log', zeekLine(zeekEntry())), /a Zeek log without its header/],
    ['text', file('a.txt', 'hello\nworld'), /the format is unknown \(it begins with "hello"\)/],
    [
      'other logs alone',
      file('dns.json', JSON.stringify(zeekEntry({ _path: 'dns' }))),
      /holds no connections, but 1 dns: name the conn\.log/,
    ],
    [
      "Zeek's figures alone",
      file('zeek-stats.json', JSON.stringify({ ts: 1_790_000_000.5, peer: 'zeek', mem: 9, pkts_proc: 5 })),
      /holds no connections, but 1 stats: name the conn\.log/,
    ],
    [
      'alerts alone',
      file('eve.json', JSON.stringify(eveFlow({ event_type: 'alert' }))),
      /holds no connections, but 1 alert: have Suricata write `flow`/,
    ],
    [
      'nothing valid',
      file('bad.json', '{"timestamp":1}\n{"timestamp":2}'),
      /nothing in .* is a valid connection, read as json \(2 invalid entries, line 1: src_ip: missing; /,
    ],
  ])('%s', async ([, path, message]) => {
    const outcomes = await Promise.all(COMMANDS.map(([name, ...options]) => call(name, path, ...options)));

    for (const { end, stderr } of outcomes) {
      expect(end).toBe(1);
      expect(stderr).toMatch(ONE_LINE_ERROR);
      expect(stderr).toMatch(message);
    }
    expect(new Set(outcomes.map(({ stderr }) => stderr)).size).toBe(1);
  });
});

describe.concurrent('the log of a quiet hour is as good as any', () => {
  const noData = '2 1 eni-1 - - - - - - - 1790000000 1790000060 - NODATA';

  it.for<[string, string]>([
    ['a header of Zeek alone', file('quiet.log', `${ZEEK_HEADER.join('\n')}\n`)],
    ['a header of flow logs alone', file('quiet.txt', 'version srcaddr dstaddr start\n')],
    ['flow logs that say so', file('nodata.txt', `${noData}\n${noData}\n`)],
    ['flow logs with a header that say so', file('dashes.txt', 'srcaddr dstaddr start\n- - 1790000000\n')],
    ['an empty array', file('quiet.json', '[]\n')],
    ['an empty table', EMPTY_TABLE],
    [
      "an engine's figures",
      file(
        'stats.json',
        JSON.stringify({ timestamp: '2026-09-21T16:20:00Z', event_type: 'stats', stats: {} }),
      ),
    ],
    [
      'what CloudWatch Logs prints',
      file('events.json', JSON.stringify({ events: [], searchedLogStreams: [] }, null, 4)),
    ],
  ])('%s', async ([, path]) => {
    for (const [name, ...options] of [['push', '--dry-run'], ['score']] as const) {
      const { end, stderr } = await call(name, path, ...options);

      expect({ end, stderr }).toEqual({ end: 0, stderr: expect.not.stringMatching(/error/) });
    }
  });

  it('also where it is run', async () => {
    const { end, stdout, stderr } = await call('run', file('run.txt', `${noData}\n`));

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout).toMatch(/^0 connection records from .*run\.txt\n/);
    expect(stdout).toMatch(/^ {2}skipped +1 {3}not connections: 1 NODATA$/m);
  });

  it('and so is a sound entry after it', async () => {
    const { end, stdout } = await call('score', file('late.txt', `${noData}\n${vpcLine()}\n`));

    expect(end).toBe(0);
    expect(stdout).toContain('"address":"203.0.113.7"');
  });
});
