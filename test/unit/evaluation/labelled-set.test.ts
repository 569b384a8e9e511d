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
      isMalicious: true,
      input: {
        address: '192.0.2.1',
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

    expect(row?.input).toEqual({ address: '192.0.2.1', threat_intel: {} });
  });

  it.each([
    { name: 'a missing column', text: 'group,label\na,1', message: 'no column vt_malicious' },
    { name: 'a short row', text: `${HEADING}\nV,a,1`, message: 'line 2: 3 fields, 11 expected' },
    {
      name: 'a bad number',
      text: `${HEADING}\nV,a,d,GB,x,25,,,,,1`,
      message: 'line 2: vt_malicious is not a number >= 0',
    },
    {
      name: 'a bad label',
      text: `${HEADING}\nV,a,d,GB,1,25,,,,,yes`,
      message: 'line 2: label is neither 0 nor 1',
    },
  ])('refuses $name', ({ text, message }) => {
    expect(() => parseLabelledRows(text)).toThrow(message);
  });
});

describe('readLabelledSet', () => {
  it('reads a gzipped file and its hash', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'sets-')), 'tiny.csv.gz');
    await writeFile(path, gzipSync(`${HEADING}\nV,a,d,GB,1,25,,,,,1\n`));

    const set = await readLabelledSet(path);

    expect(set.name).toBe('tiny.csv.gz');
    expect(set.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(set.rows).toHaveLength(1);
  });

  it('names the file that it cannot read', async () => {
    await expect(readLabelledSet('/nowhere/absent.csv.gz')).rejects.toThrow('absent.csv.gz: ENOENT');
  });
});
