import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { reportJson } from '../../../lib/cli/output/compare/report-json.ts';
import { reportLines } from '../../../lib/cli/output/compare/report-lines.ts';
import type { SettingsStamp } from '../../../lib/store/settings-stamp.ts';
import { dayOf, divergent, NOON, reportOn } from '../../factories/readiness.ts';
import { label, parallelEntry, type ScorePair, singleEntry } from '../../factories/summaries.ts';

const EXPLAINED: ScorePair = [0.2, 0.95, { blocklist: { lists: 3, total_lists: 25 } }];
const UNEXPLAINED: ScorePair = [0.2, 0.95];

const shut = ({ gates }: ReturnType<typeof reportOn>) =>
  gates.filter(({ isPassed }) => !isPassed).map(({ name }) => name);

const unexplained = ({ gates }: ReturnType<typeof reportOn>) =>
  gates.find(({ name }) => name === 'unexplainedFlips')?.value;

describe('an environment', () => {
  it('is ready after a day in which all went well', () => {
    const report = reportOn(dayOf([EXPLAINED]));

    expect(report).toMatchObject({
      ready: true,
      agreement_rate: 0.98,
      flips: { newly_malicious: 24, no_longer_malicious: 0, unexplained_by_evidence: 0 },
      remarks: [],
    });
    expect(report.average_difference).toBeCloseTo(-0.1026, 3);
  });

  it('is not ready after an hour, or with few assessments', () => {
    expect(shut(reportOn(dayOf().slice(0, 2)))).toEqual(['hours', 'assessments']);
  });

  it('is not ready where the consensus fails too often', () => {
    const entries = dayOf();
    const failing = parallelEntry('failing', NOON, [[0.2, 0.1]], {
      assessments: 100,
      consensus_assessments: 100,
      consensus_failures: 99,
    });

    expect(shut(reportOn([failing, ...entries]))).toEqual(['failureRate']);
  });

  it('is not ready without anything to compare, and is told how to get there', () => {
    const report = reportOn([singleEntry('legacy', NOON)]);

    expect(shut(report)).toHaveLength(7);
    expect(report.remarks).toEqual([
      'Nothing to compare: all of 1 message had only one score. Both scorers run in mode parallel.',
    ]);
    expect(reportOn([]).remarks).toEqual(['No message arrived in this period.']);
    expect(reportLines(report).join('\n')).toContain('no data');
  });

  it('is judged by what was compared alone, and the rest is named', () => {
    const mixed = [...dayOf(), singleEntry('legacy', NOON), singleEntry('consensus', NOON)];
    const report = reportOn(mixed);

    expect(report).toMatchObject({ ready: true, comparison: { compared: 1_200 } });
    expect(report.remarks).toEqual([
      'Left out: 1 message with the legacy score only and 1 with the consensus score only.',
    ]);
  });

  it('says which settings were in force', () => {
    const settings: SettingsStamp = {
      mode: 'parallel',
      consensusPercent: 0,
      origin: { source: 'operator', version: 3, changedAtMs: 1_000 },
      maliciousThreshold: 0.7,
    };
    const later = {
      ...settings,
      consensusPercent: 25,
      origin: { source: 'initial', version: 3, changedAtMs: 2_000 } as const,
      maliciousThreshold: 0.8,
    };
    const details = {
      settings: [
        { sinceMs: NOON - 7_200_000, settings },
        { sinceMs: NOON, settings: later },
      ],
    };
    const report = reportOn(dayOf(), { details });

    expect(report.malicious_threshold).toBe(0.8);
    expect(report.remarks).toEqual([
      'The settings changed in this period: parallel 0 v3 of 1970-01-01T00:00:01.000Z from ' +
        '2026-11-22T10:00:00.000Z, parallel 25 0.8 initial settings v3 of 1970-01-01T00:00:02.000Z from ' +
        '2026-11-22T12:00:00.000Z.',
    ]);
  });
});

describe('flips', () => {
  it('that nothing explains keep it from being ready', () => {
    const report = reportOn(dayOf([EXPLAINED, UNEXPLAINED]));

    expect(unexplained(report)).toBe(0.5);
    expect(shut(report)).toEqual(['unexplainedFlips']);
  });

  it('are explained by labels as far as those that were looked at are', () => {
    const details = { lookedAt: { flips: 20, confirmed: 15 } };

    expect(unexplained(reportOn(dayOf([EXPLAINED, UNEXPLAINED]), { details }))).toBeCloseTo(0.125);
  });

  it('that a label refutes count although evidence seems to explain them', () => {
    const input = JSON.stringify({ threat_intel: { blocklist: { lists: 3, total_lists: 25 } } });
    const labels = [
      label({ label: 'benign', snapshot: { input } }),
      label({ label: 'malicious', snapshot: { input } }),
      // Not a flip: both scores were on one side.
      label({ label: 'benign', snapshot: { input, legacy_score: 0.8 } }),
    ];

    expect(unexplained(reportOn(dayOf([EXPLAINED]), { labels }))).toBeCloseTo(1 / 24);
  });
});

describe('labels', () => {
  it('tell how right each score and scorer was', () => {
    const labels = [
      label(),
      label({ label: 'benign', snapshot: { legacy_score: 0.8, consensus_score: 0.9 } }),
      label({ label: 'benign', snapshot: { legacy_score: 0, consensus_score: 0.1, votes: {} } }),
    ];
    const { labels: judged, scorers } = reportOn(dayOf(), { labels });

    expect(judged).toEqual({
      malicious: 1,
      benign: 2,
      legacy: { labels: 3, accuracy: 1 / 3, missed: 1, false_alarms: 1 },
      consensus: { labels: 3, accuracy: 2 / 3, missed: 0, false_alarms: 1 },
    });
    expect(scorers.statistical.labels).toEqual({ labels: 2, accuracy: 0.5, missed: 0, false_alarms: 1 });
    expect(scorers.ml_based.labels).toMatchObject({ labels: 0, accuracy: null });
  });
});

describe('the report', () => {
  it('for programs names its gates, bounds and outcomes', () => {
    const { gates, ready } = JSON.parse(reportJson(reportOn(dayOf())));

    expect(ready).toBe(true);
    expect(gates).toContainEqual({ gate: 'failure_rate', value: 0, maximum: 0.05, passed: true });
    expect(gates).toContainEqual({ gate: 'latency_ms', value: 40, below: 100, passed: true });
  });

  it('does nothing to a terminal, whatever senders wrote', () => {
    const votes = [{ scorer: 'ml_based', score: 0.9, reasoning: '\u001b[2J\u0007boo' }] as const;
    const details = { unexplained: [divergent({ votes, protocol: 't\u001bcp', legacy_reasoning: 'a\nb' })] };
    const lines = reportLines(reportOn(dayOf(), { details }));

    expect(lines.join('\n')).toContain(' [2J boo');
    for (const line of lines) expect(stripVTControlCharacters(line)).not.toMatch(/\p{Cc}/u);
  });
});
