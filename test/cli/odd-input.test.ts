import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createWorkFolder, threatConsensus } from '../fixtures/service/command-line.ts';
import { connection } from '../fixtures/service/connections.ts';

const folder = createWorkFolder();

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function line(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(connection(changes));
}

it.concurrent('every oddity of the field is counted, and found by its line', async () => {
  const lines = [
    `\ufeff${line({ id: 'C1' })}`,
    '',
    line().slice(0, 40),
    'no JSON at all',
    line({ dst_port: '443', src_ip: 7 }),
    line({ dst_port: 70_000 }),
    line({ dst_ip: '203.0.113.777' }),
    line().replace('1790000000', 'NaN'),
    line({ note: 'x'.repeat(300_000) }),
    line({ id: 'C1' }),
    line({ id: 'C1', bytes: 5 }),
    line({ timestamp: 1_600_000_000 }),
    line({ timestamp: 253_402_300_799 }),
    line({ timestamp: 0.25 }),
    ' \t',
    'null',
    line({ dst_ip: '198.18.0.1' }),
    line({ dst_ip: '::ffff:198.18.0.1', protocol: 'TCP' }),
    line().slice(0, -1),
  ];
  const file = write('odd.ndjson', lines.join('\r\n'));

  const { end, stdout, stderr } = await threatConsensus(['run', file]);

  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  expect(stdout).toContain(`17 connection records from ${file}\n`);
  expect(stdout).toMatch(/^ {2}stored +6\n {2}duplicates +2 .*\n {2}rejected +9 /m);
  const rejected = /^Rejected records\n((?: {2}line .*\n)+)/m.exec(stdout)?.[1]?.trimEnd().split('\n');
  const notJson = (position: number) =>
    expect.stringMatching(new RegExp(`^ {2}line ${position}: not JSON: \\S`));
  expect(rejected).toEqual([
    notJson(3),
    notJson(4),
    '  line 5: src_ip: expected a string, got 7; dst_port: expected a number, got "443"',
    '  line 6: dst_port: expected at most 65535, got 70000',
    '  line 7: dst_ip: expected an IPv4 or IPv6 address, got "203.0.113.777"',
    notJson(8),
    expect.stringMatching(/^ {2}line 9: record: 300\d{3} bytes, the limit is 4096$/),
    '  line 16: record: expected an object, got null',
    notJson(19),
  ]);
});

it.concurrent('garbage among records is rejected line by line', async () => {
  const garbage = Array.from({ length: 25 }, (_, n) => `garbage ${n}`);
  const file = write('garbage.log', [...garbage, line()].join('\n'));

  const { end, stdout, stderr } = await threatConsensus(['run', file, '--format', 'json']);

  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  expect(stdout).toMatch(/^ {2}stored +1\n {2}duplicates +0 .*\n {2}rejected +25 /m);
  const places = [...stdout.matchAll(/^ {2}line (\d+): not JSON: /gm)].map(([, place]) => Number(place));
  expect(places).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(stdout).toContain('  and 15 more\n');
});

it.concurrent('what a message cannot hold, and what SQS refuses, is counted too', async () => {
  const lines = [
    line({ note: 'x'.repeat(1_048_577) }),
    line({ note: '\\u0001 \ud800 \ufffe escaped' }),
    'control \u0000 characters',
  ];
  const file = write('unsendable.ndjson', lines.join('\n'));

  const { end, stdout, stderr } = await threatConsensus(['run', file, '--json']);

  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ pushed: 3, stored: 1, duplicates: 0, rejected: 2 });
});
