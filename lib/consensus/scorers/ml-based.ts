import { amountOf, isTelling, MUCH_ACTIVITY } from '../activity-evidence.ts';
import { describeDetections, haveDetections } from '../detection-evidence.ts';
import type { Evidence } from '../evidence.ts';
import { describeListings, haveListings } from '../listing-evidence.ts';
import { createOwnScorer, type OwnScorer } from '../own-scorer.ts';
import { probabilityOf, roundToFourDecimals, toPercent } from '../probability.ts';
import type { Reading } from '../reading.ts';
import activityModel from './activity-model.json' with { type: 'json' };
import { joinOverlapping } from './combine-weights.ts';
import { measureDetections, weighBeside } from './detection-weights.ts';
import { figure } from './features.ts';
import { type FeedFeatureName, readFeedFeatures } from './feed-features.ts';
import { type ActivityWeights, createActivityWeight } from './learned-activity.ts';
import { measureListings, weighKnownGood } from './listing-weights.ts';
import model from './ml-model.json' with { type: 'json' };
import { passReportSteps, type ReportPairName, trustedReporters } from './report-steps.ts';

/** A fitted additive model; all weights are log-odds. */
export interface MlModel {
  readonly intercept: number;
  /** Weight per unit of each feature of vendors. */
  readonly feeds: Readonly<Record<FeedFeatureName, number>>;
  readonly reports: ReportTables;
}

/** Weights of abuse reports: a constant for an answer without any, and a table for each pair of step counts. */
export interface ReportTables {
  readonly constant: number;
  /** By steps passed on the pair's first axis, then on its second; no entry is smaller than one before it. */
  readonly tables: Readonly<Record<ReportPairName, ReadonlyArray<readonly number[]>>>;
}

/** No labelled set has whitelisted addresses: this weight, in log-odds, is judgement. */
const WHITELISTED_WEIGHT = -0.5;

/**
 * Share that is kept of a negative weight of reports. The rate of malicious addresses among hardly reported ones
 * differs most between populations, and a probability near zero is a bold claim.
 */
const REASSURANCE_SHARE = 0.55;

/**
 * No labelled set has more reporters than this; each doubling above it adds a weight that is judgement, up to a bound.
 */
const MOST_REPORTERS_SEEN = 10;
const CROWD_WEIGHT = 0.6;
const LARGEST_CROWD = 40 * MOST_REPORTERS_SEEN;

/** Share of what the model can know that each source contributes; without any, only a trace of confidence is left. */
const COVERAGE = { vendors: 0.5, lists: 0.35, abuse: 0.5, activity: 0.35, detections: 0.35 };
/** A single connection is a small part of what activity can say. */
const LITTLE_ACTIVITY = 0.1;
const LEAST_CONFIDENCE = 0.05;

/** The sets are too small and their labels too noisy to support more than 99.3 %; log-odds. */
const LARGEST_LOG_ODDS = 5;

/** Smaller contributions are not mentioned in the reasoning; log-odds. */
const LEAST_TELLING_CONTRIBUTION = 0.1;

/**
 * Generalised additive model with pairwise terms (Lou, Caruana, Gehrke and Hooker, KDD 2013): log-odds are a sum of
 * weights of vendors, lists and activity and of tables of abuse reports, each monotone in its input.
 *
 * Features are the contributions in log-odds, so that intercept, context and features add up to the score's log-odds.
 * Confidence is coverage x decisiveness: the share of the model's sources that answered, and half plus half of one
 * minus the binary entropy of the score in bits.
 */
export function createMlScorer(
  { intercept, feeds, reports }: MlModel,
  activityWeights: ActivityWeights = activityModel.weights,
): OwnScorer {
  const weighReports = createReportWeight(reports);
  const weighActivity = createActivityWeight(activityWeights);
  return createOwnScorer('ml_based', (reading) => {
    const { evidence, listings, context, activity, detections } = reading;
    const [share, flags, asked] = readFeedFeatures(evidence);
    const feed_share = share * feeds.feed_share;
    const feed_flags = flags * feeds.feed_flags;
    const feeds_asked = asked * feeds.feeds_asked;
    const vendors = feed_share + feed_flags;
    const reported = weighReports(evidence);
    const shown = isTelling(activity) ? weighActivity(activity) : 0;
    const contributions: Contributions = {
      feed_share,
      feed_flags,
      feeds_asked,
      // Lists and vendors copy entries from each other.
      listings:
        joinOverlapping(vendors, measureListings(listings)) -
        vendors +
        weighKnownGood(listings, vendors + feeds_asked + reported),
      abuse_reports: reported,
      whitelisted: evidence.isWhitelisted ? WHITELISTED_WEIGHT : 0,
      activity: shown,
      detections: weighBeside(measureDetections, detections, shown),
    };
    const logOdds = intercept + context.logOdds + sumOf(contributions);
    const score = roundToFourDecimals(probabilityOf(Math.min(logOdds, LARGEST_LOG_ODDS)));
    const coverage = measureCoverage(reading);
    return {
      score,
      confidence: roundToFourDecimals(
        LEAST_CONFIDENCE + (1 - LEAST_CONFIDENCE) * coverage * (1 - measureEntropy(score) / 2),
      ),
      reasoning: explain(score, coverage, contributions, reading),
      features: nameFeatures(contributions),
    };
  });
}

/** The contribution of each part of the model, log-odds. */
interface Contributions extends Readonly<Record<FeedFeatureName, number>> {
  /** The contribution of lists in addition to vendors. */
  readonly listings: number;
  readonly abuse_reports: number;
  readonly whitelisted: number;
  readonly activity: number;
  readonly detections: number;
}

function sumOf(parts: Contributions): number {
  const { feed_share, feed_flags, feeds_asked, listings, abuse_reports, whitelisted } = parts;
  const fromSources = feed_share + feed_flags + feeds_asked + listings + abuse_reports + whitelisted;
  return fromSources + parts.activity + parts.detections;
}

function nameFeatures(parts: Contributions): Record<string, number> {
  const features: Record<string, number> = {};
  const feedShareFigure = figure('feed_share', parts.feed_share);
  if (feedShareFigure !== 0) features.feed_share = feedShareFigure;
  const feedFlagsFigure = figure('feed_flags', parts.feed_flags);
  if (feedFlagsFigure !== 0) features.feed_flags = feedFlagsFigure;
  const feedsAskedFigure = figure('feeds_asked', parts.feeds_asked);
  if (feedsAskedFigure !== 0) features.feeds_asked = feedsAskedFigure;
  const listingsFigure = figure('listings', parts.listings);
  if (listingsFigure !== 0) features.listings = listingsFigure;
  const abuseReportsFigure = figure('abuse_reports', parts.abuse_reports);
  if (abuseReportsFigure !== 0) features.abuse_reports = abuseReportsFigure;
  const whitelistedFigure = figure('whitelisted', parts.whitelisted);
  if (whitelistedFigure !== 0) features.whitelisted = whitelistedFigure;
  const activityFigure = figure('activity', parts.activity);
  if (activityFigure !== 0) features.activity = activityFigure;
  const detectionsFigure = figure('detections', parts.detections);
  if (detectionsFigure !== 0) features.detections = detectionsFigure;
  return features;
}

export const mlBased = createMlScorer(model);

/** The contribution of an answer of the abuse source, log-odds; 0 without one. */
export function createReportWeight({ constant, tables }: ReportTables): (evidence: Evidence) => number {
  const byReporters = tables.reporters_and_freshness;
  const byReports = tables.reports_and_freshness;
  const byConfidence = tables.confidence_and_freshness;
  const byBoth = tables.reporters_and_reports;
  return (evidence) => {
    if (!evidence.hasAbuseAnswer) return 0;
    const { reporters, reports, confidence, freshness } = passReportSteps(evidence);
    let weight =
      constant +
      (byReporters[reporters]?.[freshness] ?? 0) +
      (byReports[reports]?.[freshness] ?? 0) +
      (byConfidence[confidence]?.[freshness] ?? 0) +
      (byBoth[reporters]?.[reports] ?? 0);
    const crowd = Math.min(trustedReporters(evidence), LARGEST_CROWD) / MOST_REPORTERS_SEEN;
    if (crowd > 1) weight += CROWD_WEIGHT * Math.log2(crowd);
    return weight < 0 ? REASSURANCE_SHARE * weight : weight;
  };
}

/** Share of the model's sources that answered, 0-1. */
function measureCoverage({ evidence, listings, activity, detections }: Reading): number {
  const vendors = evidence.vendors > 0 ? COVERAGE.vendors : 0;
  const lists = haveListings(listings) ? COVERAGE.lists : 0;
  const shown = amountOf(activity);
  const connections = shown >= MUCH_ACTIVITY ? COVERAGE.activity : shown > 0 ? LITTLE_ACTIVITY : 0;
  const reports = evidence.hasAbuseAnswer ? COVERAGE.abuse : 0;
  const detected = haveDetections(detections) ? COVERAGE.detections : 0;
  return Math.min(1, vendors + lists + reports + connections + detected);
}

/** Binary entropy in bits, 0-1 (Shannon, 1948), of a probability that stays below 1, as the log-odds are bounded. */
function measureEntropy(probability: number): number {
  if (probability <= 0) return 0;
  const rest = 1 - probability;
  return -(probability * Math.log2(probability) + rest * Math.log2(rest));
}

function explain(
  score: number,
  coverage: number,
  { feed_share, feed_flags, listings, abuse_reports, activity, detections }: Contributions,
  { listings: listed, detections: detected }: Reading,
): string {
  const probability = `Additive model: ${toPercent(score)} %`;
  if (coverage === 0) return `${probability}, from the base rate, as no source answered.`;
  if (listed.knownGood !== undefined && listings < 0)
    return `${probability}, lowered by ${describeListings(listed)}.`;
  const feeds = Math.max(feed_share, feed_flags);
  const most = Math.max(feeds, listings, abuse_reports, activity, detections);
  if (most < LEAST_TELLING_CONTRIBUTION) return `${probability}; no feature raises it.`;
  if (feeds === most) {
    return `${probability}, raised most by the ${feed_share >= feed_flags ? 'share' : 'number'} of vendors.`;
  }
  if (listings === most) return `${probability}, raised most by ${describeListings(listed)}.`;
  if (abuse_reports === most) return `${probability}, raised most by abuse reports.`;
  if (detections === most) return `${probability}, raised most by ${describeDetections(detected)}.`;
  return `${probability}, raised most by what the connections show.`;
}
