import { SCORER_NAMES, type ScorerName } from '../consensus/vote.ts';
import type { Comparison } from '../store/comparison.ts';
import type { Label } from '../store/labels.ts';
import { maliciousThresholdOf, stampText, stampTitle } from '../store/settings-stamp.ts';
import type { TimeRange } from '../store/timeline.ts';
import type { ComparisonWindow } from './comparison-window.ts';
import { counted, grouped } from './count-text.ts';
import { type DivergentAddress, flipOf, isConfirmedBy } from './divergent-address.ts';
import { explainFlip } from './explain-flip.ts';
import { countFlips } from './flips.ts';
import { type Judgement, judge } from './judged-labels.ts';
import type { ComparisonDetails } from './read-details.ts';
import { type Gate, readinessGates } from './readiness-gates.ts';
import type { ReadinessThresholds } from './readiness-thresholds.ts';
import { share } from './share.ts';

/** How a scorer did where both scores were there. Averages are over its votes; null without any. */
export interface ScorerBehaviour {
  readonly votes: number;
  readonly failures: number;
  readonly failure_rate: number | null;
  readonly average_score: number | null;
  readonly average_confidence: number | null;
  readonly labels: Judgement;
}

/** What one step of the time range came to. */
export interface ReportStep {
  /** When it begins, ISO 8601. */
  readonly from: string;
  readonly compared: number;
  /** Null where nothing was compared. */
  readonly agreement_rate: number | null;
  readonly newly_malicious: number;
  readonly no_longer_malicious: number;
}

/** Whether an environment is ready to use the consensus score, and everything that speaks for and against it. */
export interface ReadinessReport {
  /** Name of the environment; null where the call named the table instead. */
  readonly environment: string | null;
  readonly table: string;
  /** Of the program that made it. */
  readonly version: string;
  readonly made_at: string;
  readonly since: string;
  readonly until: string;
  readonly ready: boolean;
  readonly gates: readonly Gate[];
  /** One line each: what limits what the figures say. */
  readonly remarks: readonly string[];
  /** Score from which an endpoint counts as malicious, by the latest settings of this time. */
  readonly malicious_threshold: number;
  /** Storage units by whose scores were there; called messages in what is printed. */
  readonly messages: Readonly<ComparisonWindow['units']>;
  readonly comparison: Comparison;
  readonly agreement_rate: number | null;
  /** Consensus minus legacy. */
  readonly average_difference: number | null;
  readonly flips: {
    readonly newly_malicious: number;
    readonly no_longer_malicious: number;
    /** By evidence alone. */
    readonly unexplained_by_evidence: number;
    /** Of those that were looked at one by one, and how many of them labels confirm. */
    readonly looked_at: number;
    readonly confirmed_by_labels: number;
    /** Explained by evidence, but labelled otherwise. */
    readonly refuted_by_labels: number;
  };
  readonly latency_ms: { readonly p50: number | null; readonly p99: number | null };
  readonly over_time: readonly ReportStep[];
  readonly settings: readonly { readonly since: string; readonly settings: string }[];
  readonly divergent: readonly DivergentAddress[];
  readonly unexplained: readonly DivergentAddress[];
  readonly scorers: Readonly<Record<ScorerName, ScorerBehaviour>>;
  /** Both scores against what humans labelled. */
  readonly labels: {
    readonly malicious: number;
    readonly benign: number;
    readonly legacy: Judgement;
    readonly consensus: Judgement;
  };
}

export interface ReportInput {
  readonly environment: string | null;
  readonly table: string;
  readonly version: string;
  readonly range: TimeRange;
  readonly window: ComparisonWindow;
  readonly details: ComparisonDetails;
  readonly labels: readonly Label[];
  readonly thresholds: ReadinessThresholds;
  /** What is to be said beside what the figures say. */
  readonly remarks: readonly string[];
}

/** Draws the conclusions. */
export function readinessReport(input: ReportInput): ReadinessReport {
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
    remarks: [...input.remarks, ...remarksOn(window, details, flips)],
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

/** Whether a human came to what the legacy score said of a flip that evidence seemed to explain. */
function isRefutation({ label, snapshot }: Label, maliciousThreshold: number): boolean {
  const { legacy_score, consensus_score, evidence, input } = snapshot;
  if (legacy_score === undefined || consensus_score === undefined) return false;
  const flip = flipOf({ legacy_score, consensus_score }, maliciousThreshold);
  if (flip === null || isConfirmedBy(flip, label)) return false;
  const reasons = explainFlip(JSON.parse(input), evidence, flip === 'newly_malicious', maliciousThreshold);
  return reasons.length > 0;
}

/**
 * Share of the flips that nothing explains. Of those without explaining evidence, as many count as confirmed by labels
 * as among the ones that were looked at; a label that refutes a flip outweighs what evidence says of it.
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

function remarksOn(
  { units }: ComparisonWindow,
  { settings, unexplained }: ComparisonDetails,
  flips: Flips,
): string[] {
  const { compared, legacy_only, consensus_only } = units;
  const remarks: string[] = [];
  if (compared + legacy_only + consensus_only === 0) remarks.push('No message arrived in this time.');
  else if (compared === 0) {
    remarks.push(
      `Nothing to compare: all of ${counted(legacy_only + consensus_only, 'message')} had one score only. Both run in mode parallel.`,
    );
  } else if (legacy_only + consensus_only > 0) {
    remarks.push(
      `Left out: ${counted(legacy_only, 'message')} with the legacy score only and ${grouped(consensus_only)} with the consensus score only.`,
    );
  }
  if (settings.length > 1) {
    const stamps = settings.map(({ sinceMs, settings: of }) => `${stampTitle(of)} from ${isoTime(sinceMs)}`);
    remarks.push(`The settings changed in this time: ${stamps.join(', ')}.`);
  }
  const { unexplained_by_evidence, looked_at } = flips;
  if (looked_at < unexplained_by_evidence) {
    remarks.push(
      `Of ${grouped(unexplained_by_evidence)} flips without explaining evidence, the newest ${grouped(looked_at)} were checked against labels.`,
    );
  }
  if (unexplained.length > 0) {
    remarks.push(
      'Flips that nothing explains are listed with the ids of their assessments: look, and label what they turn out to be.',
    );
  }
  return remarks;
}
