import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLabelledSet } from '../../../lib/evaluation/labelled-set.ts';
import { canonicalJson } from '../../../lib/records/canonical-json.ts';
import { recordIdentity } from '../../../lib/records/record-identity.ts';
import { scanConnections } from '../../../lib/store/scan-connections.ts';
import type { TableAccess } from '../../../lib/store/table-access.ts';
import {
  type Call,
  callInto,
  callWith,
  type Json,
  jsonLines,
  ONE_LINE_ERROR,
  type Variables,
  variablesOf,
} from '../../fixtures/cli/calls.ts';
import { SAMPLE_FILE } from '../../fixtures/sample/generate.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';
import { collect, scanItems } from '../../fixtures/service/table-contents.ts';

const ACCUSED = '203.0.113.201';
const WORK_FOLDER = createWorkFolder();

let service: ScoringService;
let variables: Variables;
let call: Call;
/** Ids of all stored assessments, and every stored connection once, as text. */
let stored: { readonly assessments: readonly string[]; readonly connections: readonly string[] };

beforeAll(async () => {
  service = await startScoringService();
  variables = variablesOf(service.stack);
  call = callWith(variables);
  await call('push', SAMPLE_FILE);
  // A part of it once more, packed otherwise: the same connections in other messages.
  const again = join(WORK_FOLDER, 'again.ndjson');
  writeFileSync(again, readFileSync(SAMPLE_FILE, 'utf8').split('\n').slice(0, 90).join('\n'));
  await call('push', again);
  await service.drained();
  const [accused] = jsonLines((await call('assessments', ACCUSED, '--json')).stdout);
  await call('label', String(accused?.id), 'malicious', '--incident');
  stored = {
    assessments: await storedAssessments(service.table),
    connections: await storedConnections(service.table),
  };
});

afterAll(() => service?.stop());

function newFolder(): string {
  return mkdtempSync(join(WORK_FOLDER, 'case-'));
}

async function storedAssessments(table: TableAccess): Promise<string[]> {
  const ids = (await scanItems(table)).flatMap(({ pk, sk, verdicts }) => {
    const [kind, address] = pk.split('#');
    const [time, message, part] = sk.split('#');
    const count = kind === 'address' ? (verdicts as unknown[]).length : 0;
    return Array.from({ length: count }, (_, n) => `${address}/${Number(time)}/${message}/${part}/${n}`);
  });
  return ids.sort();
}

async function storedConnections(table: TableAccess): Promise<string[]> {
  const connections = await collect(scanConnections(table));
  const distinct = new Map(connections.map((record) => [recordIdentity(record), canonicalJson(record)]));
  expect(distinct.size).toBeLessThan(connections.length);
  return [...distinct.values()].sort();
}

/** Each day of a range costs queries, and nothing is older than a minute. */
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
  it('tells every assessment as JSON, newest first', async () => {
    const lines = jsonLines(await exported());

    expect(lines.map(({ id }) => String(id)).sort()).toEqual(stored.assessments);
    const arrivals = lines.map(({ ingested_at }) => Number(ingested_at));
    expect(arrivals).toEqual(arrivals.toSorted((a, b) => b - a));
    expect(lines.filter(({ ground_truth }) => ground_truth !== undefined)).toMatchObject([
      { address: ACCUSED, ground_truth: 'malicious', incident_detected: true },
    ]);
  });

  it('tells every assessment as CSV', async () => {
    const rows = csvRows(await exported('assessments', '--format', 'csv'));

    expect(rows.map(({ id = '' }) => id).sort()).toEqual(stored.assessments);
    const accused = rows.filter(({ ground_truth }) => ground_truth !== '');
    expect(accused).toMatchObject([{ dst_ip: ACCUSED, ground_truth: 'malicious', incident_detected: '1' }]);
    expect(JSON.parse(accused[0]?.votes_json ?? '')).toMatchObject({
      statistical: { score: expect.any(Number) },
    });
  });

  it('tells every connection once, as it was pushed', async () => {
    const lines = jsonLines(await exported('connections'));

    expect(lines.map(({ record }) => canonicalJson(record)).sort()).toEqual(stored.connections);
    for (const { assessment_id } of lines) expect(stored.assessments).toContain(assessment_id);
  });

  it('tells every connection as CSV', async () => {
    const rows = csvRows(await exported('connections', '--format', 'csv'));

    expect(rows).toHaveLength(stored.connections.length);
    expect(new Set(rows.map(({ scored_side }) => scored_side))).toEqual(new Set(['originator', 'responder']));
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

  it('leaves an older file alone unless it is told to replace it', async () => {
    const path = join(newFolder(), 'a.csv');
    writeFileSync(path, 'older');

    const refused = await call('export', '--output', path, ...RECENT);
    expect(refused).toEqual({
      end: 1,
      stdout: '',
      stderr: `error: ${path} is there already; --force replaces it\n`,
    });
    expect(readFileSync(path, 'utf8')).toBe('older');

    const figures = jsonLines(await exported('--output', path, '--force', '--json'));
    expect(figures).toEqual([{ assessments: stored.assessments.length, file: path }]);
    expect(csvRows(readFileSync(path, 'utf8'))).toHaveLength(stored.assessments.length);
  });

  it('tells of one address', async () => {
    const connections = jsonLines(await exported('connections', '--address', ACCUSED));
    const assessments = jsonLines(await exported('--address', ACCUSED));

    expect(connections).toHaveLength(33);
    expect(assessments.map(({ id }) => String(id)).sort()).toEqual(
      stored.assessments.filter((id) => id.startsWith(`${ACCUSED}/`)),
    );
  });

  it('tells of a time range', async () => {
    const before = await call('export', '--since', '1d', '--until', '1h');
    const heading = await call('export', '--since', '0m', '--format', 'csv');

    expect(before).toMatchObject({
      end: 0,
      stdout: '',
      stderr: expect.stringMatching(/^nothing has arrived since \S+ until \S+\n$/),
    });
    expect(csvRows(heading.stdout)).toEqual([]);
  });

  it('gives labelled rows that training reads', async () => {
    const path = join(newFolder(), 'labels.csv.gz');
    writeFileSync(path, gzipSync(await exported('--labels')));

    const { rows } = await readLabelledSet(path);

    expect(rows).toMatchObject([
      { isMalicious: true, input: { threat_intel: { virustotal: { total_vendors: 94 } } } },
    ]);
    expect(await exported('--labels', '--address', ACCUSED)).toBe(await exported('--labels'));
  });

  it('into a reader that leaves is no failure', async () => {
    expect(await callInto('head -1', variables, ['export', 'connections', ...RECENT])).toMatchObject({
      end: 0,
      stderr: '',
    });
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
    const rounds = join(newFolder(), 'again.sqlite');
    await exported('--output', rounds);
    expect(rowsOf(rounds, 'SELECT record FROM connections ORDER BY record')).toEqual(
      rowsOf(path, 'SELECT record FROM connections ORDER BY record'),
    );
  });
});
