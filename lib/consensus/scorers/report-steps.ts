import type { Evidence } from '../evidence.ts';

/**
 * Abuse reports as steps: how many thresholds of each kind an address has passed. More reporters, reports or
 * confidence, or a fresher last report, never pass fewer.
 *
 * Freshness has no step below three weeks: reports often arrive late, and a feed can miss whole weeks, so within that
 * window the age of the last known report says little about the last actual one.
 */
export const REPORT_STEPS = {
  reporters: [2, 3, 4, 5, 7, 10],
  reports: [2, 3, 4, 6, 10, 20, 50, 100],
  confidence: [0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95],
  /** Days; freshness passes a step when the last report is no older. */
  freshness: [60, 45, 30, 20],
} as const;

export type ReportAxis = keyof typeof REPORT_STEPS;

/** Pairs of axes that the learned model looks at together, in the order in which they are reported. */
export const REPORT_PAIRS = [
  { name: 'reporters_and_freshness', first: 'reporters', second: 'freshness' },
  { name: 'reports_and_freshness', first: 'reports', second: 'freshness' },
  { name: 'confidence_and_freshness', first: 'confidence', second: 'freshness' },
  { name: 'reporters_and_reports', first: 'reporters', second: 'reports' },
] as const satisfies ReadonlyArray<{ name: string; first: ReportAxis; second: ReportAxis }>;

export type ReportPairName = (typeof REPORT_PAIRS)[number]['name'];

/** Steps passed on each axis. */
export type PassedSteps = { readonly [Axis in ReportAxis]: number };

/** Share of the weight of reports that is kept for a whitelisted address, if their source believes them at all. */
const WHITELISTED_SHARE = 0.4;

/** Reporters, discounted if the address is whitelisted. */
export function trustedReporters(evidence: Evidence): number {
  return trustOf(evidence) * evidence.reporters;
}

export function passReportSteps(evidence: Evidence): PassedSteps {
  const trust = trustOf(evidence);
  return {
    reporters: countPassed(REPORT_STEPS.reporters, trustedReporters(evidence)),
    reports: countPassed(REPORT_STEPS.reports, trust * evidence.reports),
    confidence: countPassed(REPORT_STEPS.confidence, trust * evidence.abuseConfidence),
    freshness: evidence.reports > 0 ? countFresh(evidence.reportAgeDays) : 0,
  };
}

function trustOf(evidence: Evidence): number {
  return evidence.isWhitelisted ? WHITELISTED_SHARE : 1;
}

function countPassed(steps: readonly number[], value: number): number {
  let passed = 0;
  while (passed < steps.length && value >= (steps[passed] ?? 0)) passed++;
  return passed;
}

function countFresh(ageDays: number): number {
  let passed = 0;
  while (passed < REPORT_STEPS.freshness.length && ageDays <= (REPORT_STEPS.freshness[passed] ?? 0)) passed++;
  return passed;
}
