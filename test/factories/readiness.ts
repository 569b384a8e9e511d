import { ComparisonWindow } from '../../lib/statistics/comparison-window.ts';
import type { DivergentAddress } from '../../lib/statistics/divergent-address.ts';
import { makeReadinessReport, type ReportInput } from '../../lib/statistics/make-readiness-report.ts';
import type { ComparisonDetails } from '../../lib/statistics/read-details.ts';
import type { ReadinessReport } from '../../lib/statistics/readiness-report.ts';
import { DEFAULT_READINESS } from '../../lib/statistics/readiness-thresholds.ts';
import type { StatisticsEntry } from '../../lib/store/read-summaries.ts';
import { parallelEntry, type ScorePair } from './summaries.ts';

export const NOON = Date.parse('2026-11-22T12:00:00Z');
const HOUR_MS = 3_600_000;
const DAY = { fromMs: NOON - 24 * HOUR_MS, toMs: NOON, nowMs: NOON };

const NO_DETAILS: ComparisonDetails = {
  divergent: [],
  unexplained: [],
  lookedAt: { flips: 0, confirmed: 0 },
  settings: [],
};

/** The report on messages, the newest first. */
export function reportOn(
  entries: readonly StatisticsEntry[],
  {
    details,
    ...changes
  }: Omit<Partial<ReportInput>, 'details'> & { details?: Partial<ComparisonDetails> } = {},
): ReadinessReport {
  const window = new ComparisonWindow(DAY);
  for (const entry of entries) window.add(entry);
  return makeReadinessReport({
    environment: null,
    table: 'connections',
    version: '1.2.3',
    range: DAY,
    window,
    details: { ...NO_DETAILS, ...details },
    labels: [],
    thresholds: DEFAULT_READINESS,
    remarks: [],
    ...changes,
  });
}

/** Fifty assessments an hour for a day, of which the first pairs are these. */
export function dayOf(pairs: readonly ScorePair[] = []): StatisticsEntry[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const rest = Array.from({ length: 50 - pairs.length }, (_, n): ScorePair => [0.2, 0.06 + (n % 5) / 100]);
    return parallelEntry(`m${hour}`, NOON - hour * HOUR_MS, [...pairs, ...rest]);
  });
}

export function divergent(overrides: Partial<DivergentAddress> = {}): DivergentAddress {
  return {
    address: '203.0.113.7',
    dst_port: 443,
    protocol: 'tcp',
    assessment: '203.0.113.7/1/message/0/0',
    legacy_score: 0.2,
    consensus_score: 0.9,
    evidence: ['listings'],
    legacy_reasoning: 'Nobody knows it.',
    votes: [{ scorer: 'statistical', score: 0.9, reasoning: 'A blocklist names it.' }],
    flip: 'newly_malicious',
    flip_reasons: ['listings'],
    label: null,
    ...overrides,
  };
}
