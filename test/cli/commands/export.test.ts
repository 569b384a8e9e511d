import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readLabelledSet } from '../../../lib/evaluation/labelled-set.ts';
import { canonicalJson } from '../../../lib/records/canonical-json.ts';
import { recordIdentity } from '../../../lib/records/record-identity.ts';
import type { AddressItem } from '../../../lib/store/address-item.ts';
import { parseAssessmentId } from '../../../lib/store/assessment-id.ts';
import { writeLabel } from '../../../lib/store/labels.ts';
import { readAddressItems } from '../../../lib/store/read-address-items.ts';
import { readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import { scanConnections } from '../../../lib/store/scan-connections.ts';
import type { TableAccess } from '../../../lib/store/table-access.ts';
import {
  type Call,
  callWith,
  type Json,
  jsonLines,
  ONE_LINE_ERROR,
  startCall,
  variablesOf,
} from '../../fixtures/cli/calls.ts';
import { SAMPLE_FILE } from '../../fixtures/sample/generate.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';
import { collect, scanItems } from '../../fixtures/service/table-contents.ts';

const ACCUSED = '203.0.113.201';
const WORK_FOLDER = createWorkFolder();

let service: ScoringService;
let call: Call;
/** Ids of all stored assessments, and the text of every stored connection once. */
let stored: { readonly assessments: readonly string[]; readonly connections: readonly string[] };

beforeAll(async () => {
  service = await startScoringService();
  call = callWith(variablesOf(service.stack));
  await call('push', SAMPLE_FILE);
  // Part of it again, packed differently: the same connections in other messages.
  await service.push(readFileSync(SAMPLE_FILE, 'utf8').split('\n').slice(0, 90).join('\n'));
  await service.drained();
  await labelMalicious(service.table, ACCUSED);
  stored = {
    assessments: await storedAssessments(service.table),
    connections: await storedConnections(service.table),
  };
});

afterAll(() => service?.stop());

async function labelMalicious(table: TableAccess, address: string): Promise<void> {
  const [read] = await collect(readAssessmentsOf(table, address, Date.now()));
  const name = parseAssessmentId(read?.id ?? '');
  if (read === undefined || name === undefined) throw new Error(`nothing is stored about ${address}`);
  const truth = {
    label: 'malicious',
    isOfAddress: false,
    incidentDetected: true,
    labelledAtMs: Date.now(),
  } as const;
  await writeLabel(table, name, read, truth);
}

function newFolder(): string {
  return mkdtempSync(join(WORK_FOLDER, 'case-'));
}

async function storedAssessments(table: TableAccess): Promise<string[]> {
  const stored = (await scanItems(table)).filter(({ pk }) => pk.startsWith('address#'));
  const ids = stored.flatMap((item) =>
    readAddressItems([item as unknown as AddressItem]).map(({ id }) => id),
  );
  expect(new Set(ids).size).toBe(ids.length);
  return ids.sort();
}

async function storedConnections(table: TableAccess): Promise<string[]> {
  const connections = await collect(scanConnections(table));
  const distinct = new Map(connections.map((record) => [recordIdentity(record), canonicalJson(record)]));
  expect(distinct.size).toBeLessThan(connections.length);
  return [...distinct.values()].sort();
}

/** Each day of a range costs queries, and nothing here is older than a minute. */
const RECENT = ['--since', '1d'];

async function exported(...args: readonly string[]): Promise<string> {
  const { end, stdout, stderr } = await call('export', ...args, ...RECENT);
  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  return stdout;
}

/** A CSV file's rows by column (RFC 4180). */
function csvRows(text: string): Record<string, string>[] {
  const records = text.split('\r\n');
  expect(records.pop()).toBe('');
  const [heading = [], ...rows] = records.map((record) =>
    [...record.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain = '']) =>
      quoted === undefined ? plain : quoted.replaceAll('""', '"'),
    ),
  );
  return rows.map((cells) => Object.fromEntries(heading.map((name, n) => [name, cells[n] ?? ''])));
}

function rowsOf(path: string, query: string): Json[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(query).all() as Json[];
  } finally {
    database.close();
  }
}

describe.concurrent('export', () => {
  it('prints every assessment as JSON, newest first', async () => {
    const lines = jsonLines(await exported());

    expect(lines.map(({ id }) => String(id)).sort()).toEqual(stored.assessments);
    const arrivals = lines.map(({ ingested_at }) => Number(ingested_at));
    expect(arrivals).toEqual(arrivals.toSorted((a, b) => b - a));
    expect(lines.filter(({ ground_truth }) => ground_truth !== undefined)).toMatchObject([
      { address: ACCUSED, ground_truth: 'malicious', incident_detected: true },
    ]);
  });

  it('prints every connection once, as it was pushed', async () => {
    const lines = jsonLines(await exported('connections'));

    expect(lines.map(({ record }) => canonicalJson(record)).sort()).toEqual(stored.connections);
    for (const { assessment_id } of lines) expect(stored.assessments).toContain(assessment_id);
  });

  it('writes the tables of the legacy system, which can be joined on dst_ip', async () => {
    const path = join(newFolder(), 'legacy.sqlite');

    const stdout = await exported('--output', path);

    const counts = `${stored.assessments.length} assessments and ${stored.connections.length.toLocaleString('en-US')} connections`;
    expect(stdout).toBe(`${counts} written to ${path}\n`);
    const assessments = rowsOf(path, 'SELECT * FROM consensus_assessments');
    expect(assessments.map(({ assessment_id }) => String(assessment_id)).sort()).toEqual(stored.assessments);
    const connections = rowsOf(path, 'SELECT * FROM connections');
    expect(connections.map(({ record }) => String(record)).sort()).toEqual(stored.connections);
    const joined = rowsOf(
      path,
      `SELECT c.threat_score, c.scored_side, c.src_ip, a.threat_score AS assessed, c.record
         FROM connections c JOIN consensus_assessments a
           ON a.dst_ip = c.dst_ip AND a.assessment_id = c.assessment_id`,
    );
    expect(joined).toHaveLength(connections.length);
    for (const { threat_score, assessed } of joined) expect(threat_score).toBe(assessed);
    const inbound = joined.filter(({ scored_side }) => scored_side === 'originator');
    expect(inbound.length).toBeGreaterThan(0);
    for (const { record, src_ip } of inbound) expect(JSON.parse(String(record)).dst_ip).toBe(src_ip);
    expect(
      rowsOf(
        path,
        'SELECT date(timestamp) AS day, ground_truth, incident_detected FROM consensus_assessments WHERE ground_truth IS NOT NULL',
      ),
    ).toEqual([
      { day: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/), ground_truth: 'malicious', incident_detected: 1 },
    ]);
  });

  it('keeps an existing file unless told to replace it', async () => {
    const path = join(newFolder(), 'a.csv');
    writeFileSync(path, 'older');

    const refused = await call('export', '--output', path, ...RECENT);
    expect(refused).toEqual({
      end: 1,
      stdout: '',
      stderr: `error: ${path} already exists; use --force to replace it\n`,
    });
    expect(readFileSync(path, 'utf8')).toBe('older');

    const figures = jsonLines(await exported('--output', path, '--force', '--json'));
    expect(figures).toEqual([{ assessments: stored.assessments.length, file: path }]);
    const rows = csvRows(readFileSync(path, 'utf8'));
    expect(rows.map(({ id = '' }) => id).sort()).toEqual(stored.assessments);
  });

  it.skipIf(!existsSync('/dev/full')).for([
    ['--output', '/dev/full'],
    ['connections', '--output', '/dev/full', '--format', 'csv'],
  ])('names the file on a full disk: %j', async (args) => {
    const { end, stdout, stderr } = await call('export', ...args);

    expect({ end, stdout, stderr }).toEqual({
      end: 1,
      stdout: '',
      stderr: 'error: cannot write /dev/full: the disk is full; free some space, or name a file elsewhere\n',
    });
  });

  it('removes what a killed run left of the same file, and leaves what another one is writing', async () => {
    const own = newFolder();
    const path = join(own, 'export.csv');
    const kill = startCall(variablesOf(service.stack), ['export', '--output', path]);
    kill.process.stdin.end();
    await vi.waitFor(() => expect(readdirSync(own)).toHaveLength(1), { interval: 5, timeout: 30_000 });
    kill.process.kill('SIGSTOP');
    const unfinished = readdirSync(own);

    const first = await call('export', '--output', path, '--force');
    const besideAWriter = readdirSync(own);
    kill.process.kill('SIGKILL');
    await kill.ended;
    const second = await call('export', '--output', path, '--force');

    expect([first.end, second.end]).toEqual([0, 0]);
    expect(besideAWriter.sort()).toEqual([...unfinished, 'export.csv'].sort());
    expect(readdirSync(own)).toEqual(['export.csv']);
  });

  it('exports a time range', async () => {
    const before = await call('export', '--since', '1d', '--until', '1h');

    expect(before).toMatchObject({
      end: 0,
      stdout: '',
      stderr: expect.stringMatching(/^nothing has arrived since \S+ until \S+\n$/),
    });
  });

  it('gives what was seen in a range of time, whenever it arrived', async () => {
    const range = ['2026-09-21T14:20:00Z', '2026-09-21T14:40:00Z'] as const;
    const seen = ['--seen-since', range[0], '--seen-until', range[1]];
    const [fromS, toS] = range.map((time) => Date.parse(time) / 1000) as [number, number];
    const isWithin = ({ timestamp }: Json) => Number(timestamp) >= fromS && Number(timestamp) < toS;
    const connections = (text: string) => jsonLines(text).map(({ record }) => record as Json);
    const all = connections(await exported('connections'));
    const within = connections(await exported('connections', ...seen));
    const assessments = jsonLines(await exported(...seen));
    const attention = jsonLines((await call('attention', '--json', '--limit', '10000', ...seen)).stdout);
    const none = await call('assessments', ACCUSED, '--seen-until', '2020-01-01');

    expect(within.length).toBeGreaterThan(0);
    expect(within.map(canonicalJson).sort()).toEqual(all.filter(isWithin).map(canonicalJson).sort());
    expect(assessments.length).toBeGreaterThan(0);
    expect(assessments.length).toBeLessThan(stored.assessments.length);
    for (const { connections: covered } of assessments) {
      expect((covered as Json[]).some(isWithin)).toBe(true);
    }
    expect(attention.length).toBeGreaterThan(0);
    for (const { first_seen, last_seen } of attention) {
      expect([Number(first_seen) < toS * 1000, Number(last_seen) >= fromS * 1000]).toEqual([true, true]);
    }
    // Human input about the address has no time range.
    expect(none).toMatchObject({ end: 1, stdout: expect.stringMatching(/^labelled malicious [^\n]+\n$/) });
    expect(none.stderr).toContain(', seen ');
  });

  it('gives labelled rows that training reads', async () => {
    const path = join(newFolder(), 'labels.csv.gz');
    writeFileSync(path, gzipSync(await exported('--labels', '--address', ACCUSED)));

    const { rows } = await readLabelledSet(path);

    expect(rows).toMatchObject([
      { isMalicious: true, input: { threat_intel: { virustotal: { total_vendors: 94 } } } },
    ]);
  });

  it('leaves nothing behind where the table is not there', async () => {
    const folder = newFolder();

    const { end, stderr } = await call(
      'export',
      '--table',
      'nowhere',
      '--output',
      join(folder, 'x.db'),
      ...RECENT,
    );

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a SQLite file pushed again', () => {
  it('comes to the same connections: none is lost and none is new', async () => {
    const path = join(newFolder(), 'legacy.sqlite');
    await exported('--output', path);

    await call('push', path);
    await service.drained();

    expect(await storedConnections(service.table)).toEqual(stored.connections);
  });
});
