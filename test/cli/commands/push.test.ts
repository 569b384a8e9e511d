import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jsonLines as ndjson } from '../../factories/records.ts';
import { eveFlow, vpcLine, ZEEK_HEADER, zeekEntry, zeekLine } from '../../factories/sensor-logs.ts';
import { callWith, jsonLines, ONE_LINE_ERROR } from '../../fixtures/cli/calls.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';

/** No cloud access: rehearsing and scoring need none. */
const call = callWith({});
const folder = createWorkFolder();

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Incompressible text. */
function hashOf(n: number): string {
  return createHash('sha512').update(String(n)).digest('hex');
}

const EVE = file(
  'eve.json',
  ndjson([eveFlow({ event_type: 'alert' }), eveFlow(), eveFlow({ dest_port: -1 })]),
);
const ENTRIES = [zeekEntry(), zeekEntry({ proto: 'icmp', 'id.orig_p': 8, 'id.resp_p': 0 })];
const ZEEK_JSON = file('conn.json', ndjson(ENTRIES));
const ZEEK_TSV = file('conn.log.gz', gzipSync([...ZEEK_HEADER, ...ENTRIES.map(zeekLine)].join('\n')));

describe.concurrent('push --dry-run', () => {
  it('names the damage of a packed log, and not the nonsense before it shows', async () => {
    const flows = Array.from({ length: 3_000 }, (_, flow_id) => eveFlow({ flow_id, note: hashOf(flow_id) }));
    const packed = gzipSync(ndjson(flows));
    const middle = Math.floor(packed.length / 2);

    const { end, stdout, stderr } = await call(
      ...['push', file('wrong.json.gz', packed.fill(0x55, middle, middle + 20)), '--dry-run'],
    );

    expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
    expect(stderr).toMatch(
      /^everything up to line 1,\d{3} could be read \(1,\d{3} records\)\nerror: .*wrong\.json\.gz: the gzip data is damaged or truncated: .*\n$/,
    );
  });

  it('says in one line why nothing of a file can be read', async () => {
    const parquet = file('cut.parquet', 'PAR1 and no more');

    const { end, stdout, stderr } = await call('push', parquet, '--dry-run', '--json');

    expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
    expect(stderr).toMatch(/^error: .*cut\.parquet: the Parquet file is damaged or truncated: [^\n]*\n$/);
  });

  it('reports what would be sent, and everything that would not', async () => {
    const rejects = join(folder, 'rejects');
    const checkpoint = join(folder, 'checkpoint');

    const { end, stdout, stderr } = await call(
      ...['push', EVE, '--dry-run', '--rejects', rejects, '--checkpoint', checkpoint, '--rate', '5000'],
    );

    expect({ end, stderr }).toEqual({
      end: 0,
      stderr: `line 3: dst_port: expected at least 0, got -1\n1 invalid entry written to ${rejects}\n`,
    });
    expect(stdout).toMatch(
      /^1 record would be sent in 1 message, \d+ bytes, 1 request\n1 skipped \(not connections\): 1 alert\n1 invalid\n$/,
    );
    expect(jsonLines(readFileSync(rejects, 'utf8'))).toMatchObject([{ line: 3, reason: expect.any(String) }]);
    expect(existsSync(checkpoint)).toBe(false);
  });

  it('adds up for programs', async () => {
    const { stdout } = await call('push', EVE, '--dry-run', '--json');

    expect(JSON.parse(stdout)).toEqual({
      format: 'eve',
      read: 3,
      sent: 1,
      skipped: { alert: 1 },
      invalid: 1,
      messages: 1,
      bytes: expect.any(Number),
      requests: 1,
      dry_run: true,
      first_invalid: [{ line: 3, reason: 'dst_port: expected at least 0, got -1' }],
    });
  });

  it.for<[string, readonly string[], number, RegExp]>([
    ['a format that there is not', ['--format', 'pcap'], 2, /argument 'pcap' is invalid/],
    ['a rate that is none', ['--rate', '0'], 2, /expected a number of records per second/],
    [
      'a sensor whose name no queue takes',
      ['--sensor', 'Berlin 3'],
      2,
      /expected a name of at most 128 letters/,
    ],
    ['a checkpoint that is none', ['--checkpoint', EVE], 1, /eve\.json is not a checkpoint of a push/],
    ['rejects that cannot be written', ['--rejects', folder], 1, /cannot write the rejects/],
  ])('does not take %s', async ([, options, code, message]) => {
    const { end, stdout, stderr } = await call('push', EVE, '--dry-run', ...options);

    expect({ end, stdout }).toEqual({ end: code, stdout: '' });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(message);
  });

  it('counts what single records would take', async () => {
    const { stdout } = await call(
      'push',
      ZEEK_JSON,
      '--dry-run',
      '--json',
      '--single',
      '--sensor',
      'berlin-3',
    );

    expect(JSON.parse(stdout)).toMatchObject({ sent: 2, messages: 2, requests: 1 });
  });

  it('fails where nothing is valid, as when the format is another', async () => {
    const { end, stderr } = await call('push', ZEEK_JSON, '--dry-run', '--format', 'vpc-flow');

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toMatch(
      /^error: nothing in .*conn\.json is a valid connection, read as vpc-flow \(2 invalid entries, line 1: record: expected 14 columns, got 1\)$/m,
    );
  });
});

describe.concurrent("score takes sensors' logs", () => {
  it('and comes to the same for every form of one', async () => {
    const [json, tsv] = await Promise.all([call('score', ZEEK_JSON), call('score', ZEEK_TSV)]);

    const verdicts = (stdout: string) => jsonLines(stdout).map(({ line: _, ...verdict }) => verdict);
    expect([json.end, tsv.end]).toEqual([0, 0]);
    expect(verdicts(json.stdout)).toHaveLength(2);
    expect(verdicts(tsv.stdout)).toEqual(verdicts(json.stdout));
  });

  it('and says what it skipped', async () => {
    const { end, stdout, stderr } = await call('score', EVE);

    expect({ end, stderr }).toEqual({
      end: 0,
      stderr: '1 record scored, 1 invalid, 1 skipped (not connections): 1 alert\n',
    });
    expect(jsonLines(stdout)).toMatchObject([
      { line: 2, address: '203.0.113.7' },
      { line: 3, error: expect.any(String) },
    ]);
  });

  it('by the format that is named', async () => {
    const path = file('flows.txt', `nothing that tells\n${vpcLine()}\n`);

    const { stdout } = await call('score', path, '--format', 'vpc-flow');

    expect(jsonLines(stdout)).toMatchObject([
      { line: 1, error: expect.any(String) },
      { line: 2, dst_port: 443 },
    ]);
  });
});
