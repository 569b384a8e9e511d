import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../../../lib/cli/output/export/csv.ts';
import { EXPORTED_COLUMNS, labelledRow } from '../../../../../lib/cli/output/export/labelled-row.ts';
import { readLabelledSet } from '../../../../../lib/evaluation/labelled-set.ts';
import type { AssessedInput } from '../../../../../lib/store/assessment.ts';
import type { Label } from '../../../../../lib/store/labels.ts';
import { createWorkFolder } from '../../../../fixtures/service/command-line.ts';

const KNOWN: AssessedInput = {
  threat_intel: {
    virustotal: { malicious_vendors: 11, suspicious_vendors: 2, total_vendors: 94 },
    abuseipdb: { confidence_score: 87.5, total_reports: 40, num_distinct_users: 12 },
    blocklist: { lists: 2, total_lists: 25 },
  },
  geo_data: { country_code: 'DE' },
  report_age_days: 3,
};

function label(input: AssessedInput, changes: Partial<Label> = {}): Label {
  return {
    assessment: '203.0.113.201/fiGCaZRSzH4sTAYKtvKdMj/443/tcp/outbound',
    latestMs: 1_790_003_591_582,
    address: '203.0.113.201',
    label: 'malicious',
    isOfAddress: false,
    incidentDetected: true,
    labelledAtMs: 1_790_100_000_000,
    snapshot: {
      threat_score: 0.9,
      engine_version: '1.0.0',
      votes: {},
      evidence: [],
      input: JSON.stringify(input),
    },
    ...changes,
  };
}

function groupOf(address: string): unknown {
  return labelledRow(label({}, { address })).group;
}

describe('labelledRow', () => {
  it('says what was known and what it turned out to be', () => {
    expect(labelledRow(label(KNOWN))).toEqual({
      group: expect.stringMatching(/^[0-9a-f]{16}$/),
      as_of: '2026-09-21',
      country_code: 'DE',
      vt_malicious: 11,
      vt_total: 94,
      abuse_confidence: 87.5,
      abuse_reports: 40,
      abuse_reporters: 12,
      abuse_days_since_last: 3,
      label: 1,
    });
  });

  it('keeps neighbours together, and the address to itself', () => {
    expect(groupOf('203.0.9.1')).toBe(groupOf('203.0.113.201'));
    expect(groupOf('203.1.9.1')).not.toBe(groupOf('203.0.113.201'));
    expect(groupOf('2001:db8:1::1')).toBe(groupOf('2001:db8::2'));
    expect(groupOf('2001:db9::1')).not.toBe(groupOf('2001:db8::1'));
    expect(groupOf('2001::1')).toBe(groupOf('2001:0:5::1'));
  });

  it('is what training reads', async () => {
    const file = join(createWorkFolder(), 'labels.csv.gz');
    const rows = [
      label(KNOWN),
      label({}, { label: 'benign' }),
      label({ threat_intel: { virustotal: { malicious_vendors: 0, total_vendors: 94 } } }),
    ].map(labelledRow);
    const lines = rows.map((row) => csvLine(EXPORTED_COLUMNS.map((column) => row[column])));
    writeFileSync(file, gzipSync(`${[EXPORTED_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`));

    const { rows: read } = await readLabelledSet(file);

    expect(read.map(({ isMalicious }) => isMalicious)).toEqual([true, false, true]);
    expect(read.map(({ input }) => input.threat_intel)).toEqual([
      {
        virustotal: { malicious_vendors: 11, total_vendors: 94 },
        abuseipdb: { confidence_score: 87.5, total_reports: 40, num_distinct_users: 12 },
      },
      {},
      { virustotal: { malicious_vendors: 0, total_vendors: 94 } },
    ]);
    expect(read[0]?.input.report_age_days).toBe(3);
  });
});
