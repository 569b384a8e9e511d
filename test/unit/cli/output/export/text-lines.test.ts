import { describe, expect, it } from 'vitest';
import { ASSESSMENT_COLUMNS } from '../../../../../lib/cli/output/export/assessment-row.ts';
import { CONNECTION_COLUMNS } from '../../../../../lib/cli/output/export/connection-row.ts';
import {
  ASSESSMENTS_AS_CSV,
  ASSESSMENTS_AS_JSON,
  CONNECTIONS_AS_CSV,
  CONNECTIONS_AS_JSON,
} from '../../../../../lib/cli/output/export/text-lines.ts';
import type { ConnectionRecord } from '../../../../../lib/records/connection-record.ts';
import type { Label } from '../../../../../lib/store/labels.ts';
import type { ReadAssessment } from '../../../../../lib/store/read-address-items.ts';
import { assessment, failedAssessment, legacyAssessment } from '../../../../factories/assessments.ts';

const RECORD: ConnectionRecord = {
  timestamp: 1_790_000_000.25,
  src_ip: '10.20.4.9',
  src_port: 40_042,
  dst_ip: '203.0.113.7',
  dst_port: 443,
  protocol: 'tcp',
  id: '=cmd()',
  bytes: 111,
  local_orig: true,
  threat_score: 0.2,
};

function read(changes: Partial<ReadAssessment> = {}): ReadAssessment {
  return {
    id: '203.0.113.7/fiGCaZRSzH4sTAYKtvKdMj/443/tcp/outbound',
    address: '203.0.113.7',
    unit: 'fiGCaZRSzH4sTAYKtvKdMj',
    endpoints: ['443/tcp/outbound'],
    latestMs: 1_790_000_000_250,
    ingestedAtMs: 1_790_000_100_000,
    assessment: assessment(),
    connections: [RECORD, { ...RECORD, timestamp: 1_790_000_050 }],
    ...changes,
  };
}

const LABEL = { label: 'benign', incidentDetected: false } as Label;

/** Cells by column; of those tested only JSON, in the last column, contains commas. */
function cellsOf(columns: readonly string[], line: string): Record<string, string> {
  const cells = [...line.trimEnd().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
  return Object.fromEntries(
    columns.map((column, n) => [column, cells[n]?.[1]?.replaceAll('""', '"') ?? cells[n]?.[2] ?? '']),
  );
}

describe('an assessment', () => {
  it('begins with the columns of the legacy table', () => {
    expect(ASSESSMENTS_AS_CSV.heading).toMatch(
      /^id,timestamp,dst_ip,consensus_score,confidence,high_uncertainty,votes_json,ground_truth,incident_detected,.*\r\n$/,
    );
  });

  it('is a row with its label', () => {
    const line = ASSESSMENTS_AS_CSV.lineOf({ read: read(), label: LABEL });

    expect(line.endsWith('\r\n')).toBe(true);
    const cells = cellsOf(ASSESSMENT_COLUMNS, line);
    expect(cells).toMatchObject({
      timestamp: '2026-09-21T14:15:00.000000Z',
      dst_ip: '203.0.113.7',
      consensus_score: '0.4',
      high_uncertainty: '1',
      ground_truth: 'benign',
      incident_detected: '0',
      outliers: 'ml_based',
      connections: '2',
      first_connection: '2026-09-21T14:13:20.250000Z',
      last_connection: '2026-09-21T14:14:10.000000Z',
    });
    const { votes } = assessment();
    expect(JSON.parse(cells.votes_json ?? '')).toEqual(votes);
    for (const scorer of ['statistical', 'rule_based', 'ml_based'] as const) {
      expect(cells[`${scorer}_score`]).toBe(String(votes[scorer]?.score ?? ''));
      expect(cells[`${scorer}_confidence`]).toBe(String(votes[scorer]?.confidence ?? ''));
    }
    expect(cells.lists).toBe('');
  });

  it('names the lists that the address is on', () => {
    const on = (source: string) => ({ source, kind: 'malicious', weight: 60 }) as const;
    const listings = { outcome: 'found', intel: [on('Spamhaus DROP'), on('ipsum')] } as const;
    const listed = { ...assessment(), lookups: { listings } };
    const line = ASSESSMENTS_AS_CSV.lineOf({ read: read({ assessment: listed }), label: undefined });

    expect(cellsOf(ASSESSMENT_COLUMNS, line).lists).toBe('Spamhaus DROP; ipsum');
  });

  it.each([
    ['nobody was asked', legacyAssessment(), { method: 'none', quorum: '', threat_score: '0.2' }],
    ['nobody could tell', failedAssessment(), { method: 'failed', quorum: '0', threat_score: '0.2' }],
  ])('has no consensus where %s', (_, without, expected) => {
    const line = ASSESSMENTS_AS_CSV.lineOf({ read: read({ assessment: without }), label: undefined });

    const none = {
      consensus_score: '',
      confidence: '',
      high_uncertainty: '',
      ground_truth: '',
      incident_detected: '',
    };
    expect(cellsOf(ASSESSMENT_COLUMNS, line)).toMatchObject({ ...none, ...expected });
  });

  it('is a JSON object with everything', () => {
    const line = ASSESSMENTS_AS_JSON.lineOf({ read: read(), label: LABEL });

    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line)).toMatchObject({
      id: read().id,
      consensus_score: 0.4,
      ground_truth: 'benign',
      incident_detected: false,
      connections: [RECORD, { timestamp: 1_790_000_050 }],
    });
  });
});

describe('a connection', () => {
  it('is a row with both sides as they were, and which one was scored', () => {
    const inbound = { ...RECORD, src_ip: '203.0.113.7', dst_ip: '192.0.2.10' };

    expect(
      cellsOf(CONNECTION_COLUMNS, CONNECTIONS_AS_CSV.lineOf({ record: RECORD, read: read() })),
    ).toMatchObject({
      timestamp: '2026-09-21T14:13:20.250000Z',
      src_ip: '10.20.4.9',
      dst_ip: '203.0.113.7',
      id: "'=cmd()",
      local_orig: '1',
      local_resp: '',
      scored_side: 'responder',
      threat_score: '0.4',
      further_json: '{"threat_score":0.2}',
    });
    expect(
      cellsOf(CONNECTION_COLUMNS, CONNECTIONS_AS_CSV.lineOf({ record: inbound, read: read() })),
    ).toMatchObject({
      src_ip: '203.0.113.7',
      dst_ip: '192.0.2.10',
      scored_side: 'originator',
    });
  });

  it('is a JSON object with the record as it was pushed', () => {
    expect(JSON.parse(CONNECTIONS_AS_JSON.lineOf({ record: RECORD, read: read() }))).toEqual({
      assessment_id: read().id,
      scored_side: 'responder',
      threat_score: 0.4,
      scored_by: 'consensus',
      record: RECORD,
    });
  });
});
