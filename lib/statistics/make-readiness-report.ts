import { SCORER_NAMES, type ScorerName } from '../consensus/vote.ts';
import type { Comparison } from '../store/comparison.ts';
import type { Label } from '../store/labels.ts';
import { maliciousThresholdOf, stampText } from '../store/settings-stamp.ts';
import type { TimeRange } from '../store/timeline.ts';
import type { ComparisonWindow } from './comparison-window.ts';
import { flipOf, isConfirmedBy } from './divergent-address.ts';
import { explainFlip } from './explain-flip.ts';
import { countFlips } from './flips.ts';
import { judge } from './judged-labels.ts';
import type { ComparisonDetails } from './read-details.ts';
import { readinessGates } from './readiness-gates.ts';
import { readinessRemarks } from './readiness-remarks.ts';
import type { ReadinessReport, ReportStep, ScorerBehaviour } from './readiness-report.ts';
import type { ReadinessThresholds } from './readiness-thresholds.ts';
import { share } from './share.ts';

export interface ReportInput {
  readonly environment: string | null;
  readonly table: string;
  readonly version: string;
  readonly range: TimeRange;
  readonly window: ComparisonWindow;
  readonly details: ComparisonDetails;
  readonly labels: readonly Label[];
  readonly thresholds: ReadinessThresholds;
  /** Remarks in addition to those derived from the figures. */
  readonly remarks: readonly string[];
}

/** Computes the gates and remarks. */
export function makeReadinessReport(input: ReportInput): ReadinessReport {
  const { window, details, labels, thresholds, range } = input;
  const maliciousThreshold = maliciousThresholdOf(details.settings.at(-1)?.settings);
  const { comparison, ...totals } = window.totals;
  const { compared, agreements, difference_sum } = comparison;
  const flips = flipsOf(comparison, details, labels, maliciousThreshold);
  const latency = { p50: window.latency.quantile(0.5), p99: window.latency.quantile(0.99) };
  const gates = readinessGates(
    {
      hours: window.hours,
      assessments: compared,
      failureRate: share(totals.consensus_failures, totals.consensus_assessments),
      uncertaintyRate: share(totals.high_uncertainty, totals.consensus_assessments),
      averageScore: share(
        totals.consensus_score_sum,
        totals.consensus_assessments - totals.consensus_failures,
      ),
      latencyMs: latency.p99,
      unexplainedFlips: compared === 0 ? null : unexplainedShare(flips),
    },
    thresholds,
  );
  return {
    environment: input.environment,
    table: input.table,
    version: input.version,
    made_at: isoTime(range.nowMs),
    since: isoTime(range.fromMs),
    until: isoTime(Math.min(range.toMs, range.nowMs)),
    ready: gates.every(({ isPassed }) => isPassed),
    gates,
    remarks: [...input.remarks, ...readinessRemarks(window, details, flips)],
    malicious_threshold: maliciousThreshold,
    messages: window.units,
    comparison,
    agreement_rate: share(agreements, compared),
    average_difference: share(difference_sum, compared),
    flips,
    latency_ms: latency,
    over_time: stepsOf(window),
    settings: details.settings.map(({ sinceMs, settings }) => ({
      since: isoTime(sinceMs),
      settings: stampText(settings),
    })),
    divergent: details.divergent,
    unexplained: details.unexplained,
    scorers: scorersOf(totals, labels, maliciousThreshold),
    labels: {
      malicious: labels.filter(({ label }) => label === 'malicious').length,
      benign: labels.filter(({ label }) => label === 'benign').length,
      legacy: judge(labels, ({ legacy_score }) => legacy_score, maliciousThreshold),
      consensus: judge(labels, ({ consensus_score }) => consensus_score, maliciousThreshold),
    },
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

type Flips = ReadinessReport['flips'];

function flipsOf(
  comparison: Comparison,
  { lookedAt }: ComparisonDetails,
  labels: readonly Label[],
  maliciousThreshold: number,
): Flips {
  const { newlyMalicious, noLongerMalicious } = countFlips(comparison.flips);
  return {
    newly_malicious: newlyMalicious,
    no_longer_malicious: noLongerMalicious,
    unexplained_by_evidence: comparison.unexplained_flips,
    looked_at: lookedAt.flips,
    confirmed_by_labels: lookedAt.confirmed,
    refuted_by_labels: labels.filter((label) => isRefutation(label, maliciousThreshold)).length,
  };
}

/** Whether a label agrees with the legacy score about a flip that evidence seemed to explain. */
function isRefutation({ label, snapshot }: Label, maliciousThreshold: number): boolean {
  const { legacy_score, consensus_score, evidence, input } = snapshot;
  if (legacy_score === undefined || consensus_score === undefined) return false;
  const flip = flipOf({ legacy_score, consensus_score }, maliciousThreshold);
  if (flip === null || isConfirmedBy(flip, label)) return false;
  const reasons = explainFlip(JSON.parse(input), evidence, flip === 'newly_malicious', maliciousThreshold);
  return reasons.length > 0;
}

/**
 * Share of unexplained flips. Of the flips without explaining evidence, the share confirmed by labels is extrapolated
 * from those that were looked at. A label that refutes a flip outweighs its evidence.
 */
function unexplainedShare(flips: Flips): number {
  const all = flips.newly_malicious + flips.no_longer_malicious;
  if (all === 0) return 0;
  const confirmed = share(flips.confirmed_by_labels, flips.looked_at) ?? 0;
  const unexplained = flips.unexplained_by_evidence * (1 - confirmed) + flips.refuted_by_labels;
  return Math.min(1, unexplained / all);
}

function stepsOf({ steps, perStep }: ComparisonWindow): ReportStep[] {
  return perStep.map(({ compared, agreements, newly_malicious, no_longer_malicious }, step) => ({
    from: isoTime(steps.firstMs + step * steps.widthMs),
    compared,
    agreement_rate: share(agreements, compared),
    newly_malicious,
    no_longer_malicious,
  }));
}

function scorersOf(
  { scorers }: Pick<ComparisonWindow['totals'], 'scorers'>,
  labels: readonly Label[],
  maliciousThreshold: number,
): ReadinessReport['scorers'] {
  const behaviour = (name: ScorerName): ScorerBehaviour => {
    const { votes = 0, failures = 0, score_sum = 0, confidence_sum = 0 } = scorers[name] ?? {};
    return {
      votes,
      failures,
      failure_rate: share(failures, votes + failures),
      average_score: share(score_sum, votes),
      average_confidence: share(confidence_sum, votes),
      labels: judge(labels, ({ votes: then }) => then[name]?.score, maliciousThreshold),
    };
  };
  return Object.fromEntries(SCORER_NAMES.map((name) => [name, behaviour(name)])) as Record<
    ScorerName,
    ScorerBehaviour
  >;
}
