import { copyFileSync, createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../lib/logs/input-error.ts';
import { readLog } from '../../../../lib/logs/read-log.ts';
import {
  entriesOf,
  legacyRow,
  logOf,
  outcomeOf,
  writeLegacyDatabase,
} from '../../../factories/sensor-logs.ts';
import { createWorkFolder } from '../../../fixtures/service/command-line.ts';

const folder = createWorkFolder();

const RECORD = {
  id: '1',
  timestamp: 1_790_000_000.123456,
  src_ip: '10.20.4.9',
  dst_ip: '203.0.113.7',
  dst_port: 443,
  protocol: 'tcp',
  threat_score: 0.2,
};

async function read(path: string) {
  const log = await readLog({ chunks: createReadStream(path), path });
  return { ...log, entries: (await Array.fromAsync(log.entries)).flat() };
}

/** The database and its journal. */
function contentsOf(path: string): string[] {
  return [path, `${path}-wal`].map((file) => readFileSync(file, 'base64'));
}

describe("the legacy system's table", () => {
  it('is read row by row, in its order', async () => {
    const path = join(folder, 'rows.db');
    writeLegacyDatabase(path, [
      legacyRow(),
      legacyRow({ timestamp: 1_790_000_000.5, dst_port: '53', protocol: 'udp' }),
      legacyRow({ dst_port: 8, protocol: 'ICMP' }),
      legacyRow({ dst_ip: null }),
      legacyRow({ dst_port: 70_000 }),
    ]);

    const { format, unit, entries } = await read(path);

    expect({ format, unit }).toEqual({ format: 'sqlite', unit: 'row' });
    expect(entries.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
    expect(entries.map(outcomeOf)).toEqual([
      RECORD,
      { ...RECORD, id: '2', timestamp: 1_790_000_000.5, dst_port: 53, protocol: 'udp' },
      { ...RECORD, id: '3', dst_port: 0, protocol: 'icmp' },
      'dst_ip: missing',
      'dst_port: expected at most 65535, got 70000',
    ]);
    expect(entries[3]).toMatchObject({ text: expect.stringMatching(/^\{"id":4,.*"dst_ip":null,/) });
  });

  it('keeps the columns that there are besides', async () => {
    const path = join(folder, 'columns.db');
    const more = {
      src_port: 40_042,
      bytes: 5,
      local_orig: 1,
      local_resp: 0,
      geo_data: '{"country_code":"cz"}',
      device: Buffer.from('00ff', 'hex'),
      serial: 9_007_199_254_740_993n,
      hostname: null,
    };
    writeLegacyDatabase(path, [legacyRow(more)]);

    const { entries } = await read(path);

    expect(entries.map(outcomeOf)).toEqual([
      {
        ...RECORD,
        src_port: 40_042,
        bytes: 5,
        local_orig: true,
        local_resp: false,
        geo_data: { country_code: 'CZ' },
        device: '00ff',
        serial: '9007199254740993',
      },
    ]);
  });

  it('is read while it is written to, what is still in the journal included, and not changed', async () => {
    const path = join(folder, 'busy.db');
    writeLegacyDatabase(path, [legacyRow()]);
    const writer = new DatabaseSync(path);
    writer.exec('PRAGMA journal_mode = WAL');
    writer.exec(
      "INSERT INTO connections (timestamp, src_ip, dst_ip, dst_port, protocol) VALUES (1, '10.0.0.1', '9.9.9.9', 53, 'udp')",
    );
    const before = contentsOf(path);

    const { entries } = await read(path);

    expect(entries.map(({ kind }) => kind)).toEqual(['connection', 'connection']);
    expect(contentsOf(path)).toEqual(before);
    writer.close();
  });

  it('may be a copy in WAL mode, with its journal or without', async () => {
    const path = join(folder, 'wal.db');
    writeLegacyDatabase(path, [legacyRow()]);
    const writer = new DatabaseSync(path);
    writer.exec('PRAGMA journal_mode = WAL');
    writer.exec('PRAGMA wal_autocheckpoint = 0');
    writer.exec(
      "INSERT INTO connections (timestamp, src_ip, dst_ip, dst_port, protocol) VALUES (1, '10.0.0.1', '9.9.9.9', 53, 'udp')",
    );
    const alone = join(folder, 'alone.db');
    copyFileSync(path, alone);
    const both = join(folder, 'both.db');
    copyFileSync(path, both);
    copyFileSync(`${path}-wal`, `${both}-wal`);
    writer.close();
    const before = readdirSync(folder).sort();

    expect((await read(alone)).entries).toMatchObject([{ kind: 'connection' }]);
    expect((await read(both)).entries).toMatchObject([{ kind: 'connection' }, { kind: 'connection' }]);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('may have its names in capitals', async () => {
    const path = join(folder, 'capitals.db');
    const database = new DatabaseSync(path);
    database.exec(
      'CREATE TABLE Connections (ID TEXT, Timestamp REAL, SRC_IP TEXT, DST_IP TEXT, DST_PORT INTEGER, Protocol TEXT)',
    );
    database.exec(
      "INSERT INTO Connections VALUES ('1', 1790000000.123456, '10.20.4.9', '203.0.113.7', 443, 'TCP')",
    );
    database.close();

    const { threat_score: _, ...record } = RECORD;
    expect((await read(path)).entries.map(outcomeOf)).toEqual([record]);
  });

  it('is unpacked to be read, and may come over a pipe', async () => {
    const path = join(folder, 'packed.db');
    writeLegacyDatabase(path, [legacyRow(), legacyRow()]);
    const bytes = readFileSync(path);

    expect(await entriesOf(bytes)).toHaveLength(2);
    expect(await entriesOf(gzipSync(bytes))).toHaveLength(2);
  });

  it.each([
    ['CREATE TABLE events (id)', 'it has events'],
    ['CREATE TABLE a (id); CREATE VIEW b AS SELECT 1', 'it has a, b'],
    ['abcdefg'.replaceAll(/./g, 'CREATE TABLE $& (id);'), 'it has a, b, c, d, e, ...'],
    ['CREATE TABLE a (id); DROP TABLE a', 'it has none; if it is a copy, copy its -wal file too'],
  ])('must be there; else those that are there are named: %s', async (statements, found) => {
    const path = join(folder, `other-${statements.length}.db`);
    const other = new DatabaseSync(path);
    other.exec(statements);
    other.close();

    await expect(read(path)).rejects.toThrow(
      new InputError(`this SQLite database has no table "connections" (${found})`),
    );
  });

  it('must be a database', async () => {
    await expect(logOf(Buffer.from('SQLite format 3\0 and no more'))).rejects.toThrow(InputError);
  });
});
