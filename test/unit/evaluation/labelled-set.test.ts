import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseLabelledRows, readLabelledSet } from '../../../lib/evaluation/labelled-set.ts';
import { HEADING } from './labelled-rows.ts';

describe('parseLabelledRows', () => {
  it('maps columns to a scoring input', () => {
    const [row] = parseLabelledRows(`${HEADING}\nV,1c35,2026-08-22,GB,2,25,81,10,3,6,1\n`);

    expect(row).toEqual({
      group: '1c35',
      line: 2,
      asOf: '2026-08-22',
      isMalicious: true,
      input: {
        address: '192.0.2.1',
        dst_port: 443,
        protocol: 'tcp',
        threat_intel: {
          virustotal: { malicious_vendors: 2, total_vendors: 25 },
          abuseipdb: { confidence_score: 81, total_reports: 10, num_distinct_users: 3 },
        },
        report_age_days: 6,
      },
    });
  });

  it('takes an empty field for a source without an answer', () => {
    const [row] = parseLabelledRows(`${HEADING}\r\nR1,1c35,2026-08-22,GB,,,,,,,0\r\n`);

    expect(row?.input.threat_intel).toEqual({});
    expect(row?.input.report_age_days).toBeUndefined();
  });

  it('takes quoted fields, spaces and empty lines for what they are', () => {
    const rows = parseLabelledRows(
      `\uFEFF${HEADING}\nV,"1c,35" , 2026-08-22,GB,,,,,,,0\n\n"R, 1",a,2026-08-22,GB,,,,,,,1\n\n`,
    );

    expect(rows.map(({ group, line, asOf }) => [group, line, asOf])).toEqual([
      ['1c,35', 2, '2026-08-22'],
      ['a', 4, '2026-08-22'],
    ]);
  });

  it('takes port and protocol from a set that has them', () => {
    const [row] = parseLabelledRows(`${HEADING},dst_port,protocol\nV,a,2026-01-01,GB,1,25,,,,,1,22,TCP\n`);

    expect(row?.input).toMatchObject({ dst_port: 22, protocol: 'tcp' });
  });

  it.each([
    {
      name: 'a missing column',
      text: 'group,label\na,1',
      message: 'line 1: no column as_of, vt_malicious, vt_total',
    },
    { name: 'a short row', text: `${HEADING}\nV,a,1`, message: 'line 2: 3 fields, 11 expected' },
    {
      name: 'a bad number',
      text: `${HEADING}\nV,a,2026-01-01,GB,x,25,,,,,1`,
      message: 'line 2: vt_malicious is "x", expected a number >= 0',
    },
    {
      name: 'a bad label',
      text: `${HEADING}\nV,a,2026-01-01,GB,1,25,,,,,yes`,
      message: 'line 2: label is "yes", expected 0 or 1',
    },
    {
      name: 'an empty label',
      text: `${HEADING}\nV,a,2026-01-01,GB,1,25,,,,,`,
      message: 'line 2: label is empty, expected 0 or 1',
    },
    {
      name: 'an empty network',
      text: `${HEADING}\nV,,2026-01-01,GB,1,25,,,,,1`,
      message: 'line 2: group is empty, expected the name of a network',
    },
    {
      name: 'a bad day',
      text: `${HEADING}\nV,a,d,GB,1,25,,,,,1`,
      message: 'line 2: as_of is "d", expected a day as YYYY-MM-DD',
    },
    {
      name: 'half an answer',
      text: `${HEADING}\nV,a,2026-01-01,GB,,25,,,,,1`,
      message: 'line 2: vt_malicious is empty, expected a number, as vt_total has one',
    },
    {
      name: 'more flags than vendors',
      text: `${HEADING}\nV,a,2026-01-01,GB,26,25,,,,,1`,
      message: 'line 2: vt_malicious is "26", expected at most vt_total, 25',
    },
    { name: 'a quote without an end', text: `${HEADING}\n"V,a`, message: 'opening quote at line 2' },
    { name: 'a heading alone', text: `${HEADING}\n`, message: 'no rows after the heading' },
    { name: 'an empty file', text: '', message: 'line 1: no column group, as_of' },
  ])('refuses $name', ({ text, message }) => {
    expect(() => parseLabelledRows(text)).toThrow(message);
  });
});

describe('readLabelledSet', () => {
  it('reads a gzipped file and its hash', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'sets-')), 'tiny.csv.gz');
    await writeFile(path, gzipSync(`${HEADING}\nV,a,2026-01-01,GB,1,25,,,,,1\n`));

    const set = await readLabelledSet(path);

    expect(set.name).toBe('tiny.csv.gz');
    expect(set.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(set.rows).toHaveLength(1);
  });

  it('reads one that is not gzipped', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'sets-')), 'tiny.csv');
    await writeFile(path, `${HEADING}\nV,a,2026-01-01,GB,1,25,,,,,1\n`);

    expect((await readLabelledSet(path)).rows).toHaveLength(1);
  });

  it('names the file that it cannot read', async () => {
    await expect(readLabelledSet('/nowhere/absent.csv.gz')).rejects.toThrow(
      'absent.csv.gz: there is no such file',
    );
  });
});
