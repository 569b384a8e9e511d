import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelReportLines } from '../../../lib/cli/output/label-report-lines.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { LabelJudge } from '../../../lib/statistics/label-report.ts';
import { wilsonInterval } from '../../../lib/statistics/wilson-interval.ts';
import type { Label } from '../../../lib/store/labels.ts';

const BAD_VENDORS = { virustotal: { malicious_vendors: 60, total_vendors: 94 } };
const GOOD_ABUSE = { abuseipdb: { confidence_score: 0, total_reports: 0 } };

function label(truth: Label['label'], score: number, input: Partial<ScoringInput> = {}): Label {
  const { virustotal, abuseipdb } = input.threat_intel ?? {};
  return {
    assessment: '203.0.113.9/A/443/tcp/outbound',
    address: '203.0.113.9',
    latestMs: 0,
    label: truth,
    isOfAddress: false,
    incidentDetected: false,
    labelledAtMs: 0,
    snapshot: {
      threat_score: score,
      consensus_score: score,
      engine_version: '1',
      votes: { statistical: { score, confidence: 1 } },
      evidence: [
        ...(virustotal ? ['virustotal' as const] : []),
        ...(abuseipdb ? ['abuseipdb' as const] : []),
      ],
      input: JSON.stringify(input),
    },
  };
}

function reportOf(labels: readonly Label[]) {
  const judge = new LabelJudge(createConsensus(), 0.7);
  for (const each of labels) judge.add(each);
  return judge.report;
}

const times = (count: number, each: Label) => Array.from({ length: count }, () => each);

describe('the report on labels', () => {
  it('gives precision and recall of scores and scorers', () => {
    const report = reportOf([
      ...times(18, label('malicious', 0.9)),
      ...times(2, label('malicious', 0.1)),
      ...times(6, label('benign', 0.8)),
      ...times(4, label('benign', 0.2)),
    ]);

    expect(report).toMatchObject({ labels: 30, malicious: 20 });
    for (const { labels, precision, recall } of [
      report.scores.threat_score,
      report.scores.consensus,
      report.scorers.statistical,
    ]) {
      expect(labels).toBe(30);
      expect(precision).toMatchObject({ share: 0.75, cases: 24 });
      expect(recall).toMatchObject({ share: 0.9, cases: 20 });
    }
    expect(report.scores.legacy).toEqual({ labels: 0, precision: null, recall: null });
    expect(report.scorers.ml_based.labels).toBe(0);
  });

  it('judges a source by what it says alone', () => {
    const report = reportOf(
      times(10, label('malicious', 0.5, { threat_intel: { ...BAD_VENDORS, ...GOOD_ABUSE } })),
    );

    expect(report.sources.virustotal).toMatchObject({ labels: 10, recall: { share: 1 } });
    expect(report.sources.abuseipdb).toMatchObject({ labels: 10, recall: { share: 0 }, precision: null });
    expect(report.sources.listings.labels).toBe(0);
  });

  it('says nothing of fewer than ten cases', () => {
    expect(reportOf(times(9, label('malicious', 0.9))).scores.threat_score).toEqual({
      labels: 9,
      precision: null,
      recall: null,
    });
  });

  it('is a table for humans', () => {
    const lines = labelReportLines(
      reportOf([...times(18, label('malicious', 0.9)), ...times(2, label('malicious', 0.1))]),
    );

    expect(lines).toContain('20 labels, 20 of them malicious');
    expect(lines.find((line) => line.startsWith('  score in use'))).toBe(
      '  score in use           20  100 % (82 to 100)       90 % (70 to 97)',
    );
    expect(lines.some((line) => line.startsWith('  legacy'))).toBe(false);
  });
});

describe('wilsonInterval', () => {
  it.each([
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [90, 100, 0.8256, 0.9448],
  ])('of %i of %i is %d to %d', (part, whole, low, high) => {
    const interval = wilsonInterval(part, whole);

    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });

  it('holds the share and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000 }), fc.nat({ max: 1_000 }), (part, rest) => {
        fc.pre(part + rest > 0);
        const { low, high } = wilsonInterval(part, part + rest);
        const share = part / (part + rest);

        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
      }),
    );
  });
});
