import { type ActivityEvidence, isTelling } from '../activity-evidence.ts';
import { type DetectionEvidence, describeDetections, haveDetections } from '../detection-evidence.ts';
import type { Evidence } from '../evidence.ts';
import { describeListings, haveListings, type ListingEvidence } from '../listing-evidence.ts';
import { createOwnScorer, type OwnScorer } from '../own-scorer.ts';
import { BASE_RATE, logOdds, probabilityOf, roundToFourDecimals, toPercent } from '../probability.ts';
import { weighActivity } from './activity-weight.ts';
import { combineKinds, joinOverlapping } from './combine-weights.ts';
import { weighBeside, weighDetections } from './detection-weights.ts';
import { figure } from './features.ts';
import { weighKnownGood, weighListings } from './listing-weights.ts';
import model from './statistical-model.json' with { type: 'json' };
import {
  type BetaBinomial,
  boundWeight,
  createCountWeight,
  createFlagWeight,
  type NegativeBinomial,
} from './weight-of-evidence.ts';

/** Class parameters of the scorer, fitted on labelled sets. */
export interface StatisticalModel {
  readonly vendors: { readonly malicious: BetaBinomial; readonly benign: BetaBinomial };
  readonly reports: { readonly malicious: NegativeBinomial; readonly benign: NegativeBinomial };
  /** Weight of the abuse source's own confidence, log-odds: at 0 %, and the increase up to 100 %. */
  readonly abuseConfidence: { readonly atZero: number; readonly slope: number };
}

const PRIOR = logOdds(BASE_RATE);

/** Enough for every existing vendor, and for more reporters than make a difference. */
const LARGEST_VENDOR_COUNT = 128;
const LARGEST_REPORT_COUNT = 512;

/** Shares of addresses about which a source is plainly wrong; they bound its weight to 6.2 and 4.6 in log-odds. */
const VENDOR_ERROR_RATE = 0.002;
const ABUSE_ERROR_RATE = 0.01;
/** The source itself says that reports of a whitelisted address are not to be trusted. */
const WHITELISTED_ERROR_RATE = 0.05;
const WHITELISTED_WEIGHT = -0.5;

/** However much evidence agrees, one address in 400 is assumed to be an error of all sources; log-odds. */
const LARGEST_LOG_ODDS = 6;

/**
 * Old reports count less, as in power discounting of a gamma-Poisson rate (West and Harrison, Bayesian Forecasting and
 * Dynamic Models, 1997): after three weeks, half of the part that is not kept forever is forgotten every two weeks.
 * Younger reports all count the same, because reports often arrive late and feeds miss whole weeks.
 */
const OLD_REPORT_SHARE = 0.3;
const FRESH_DAYS = 20;
const FORGETTING_DAYS = 14;

/** Standard deviation of the prior log-odds: base rates between 0.5 and 50 % are plausible. */
const PRIOR_DEVIATION = 1.5;
const PRIOR_PRECISION = 1 / PRIOR_DEVIATION ** 2;
/**
 * Precision (1/variance of the log-odds) contributed by each vendor, family of lists, rule that fired and effective
 * report.
 */
const PRECISION_PER_VENDOR = 0.05;
const PRECISION_PER_FAMILY = 0.35;
const PRECISION_PER_RULE = 0.35;
const MOST_INFORMATIVE_FAMILIES = 4;
const PRECISION_PER_REPORT = 0.12;
const PRECISION_OF_ABUSE_ANSWER = 0.15;
/** Effective reports above this number add no information about the address. */
const LARGEST_INFORMATIVE_COUNT = 60;
const LARGEST_INFORMATIVE_CONNECTIONS = 20;
/** "0" to "20" in steps of 0.1, the largest weight: formatting fractions would cost more than everything else. */
const TENTHS = Array.from({ length: 201 }, (_, i) => `${i / 10}`);

/** Two-sided 95 % quantile of the normal distribution. */
const QUANTILE = 1.96;

/**
 * Bayesian weighing of counts: prior log-odds of the base rate plus one weight of evidence per source.
 *
 * Vendor counts are beta-binomial in each class, effective reports negative binomial; lists weigh their likelihood
 * ratios. The interval is the normal approximation to the posterior of the log-odds (Gelman et al., Bayesian Data
 * Analysis, 3rd ed., 2013, section 4.1): each source adds precision, and confidence is the share by which the interval
 * has shrunk from the prior's.
 */
export function createStatisticalScorer(classes: StatisticalModel): OwnScorer {
  const weighFlags = createFlagWeight(
    classes.vendors.malicious,
    classes.vendors.benign,
    LARGEST_VENDOR_COUNT,
  );
  const weighReports = createCountWeight(
    classes.reports.malicious,
    classes.reports.benign,
    LARGEST_REPORT_COUNT,
  );
  const { atZero, slope } = classes.abuseConfidence;

  function weighAbuse(evidence: Evidence, effectiveReports: number): number {
    if (!evidence.hasAbuseAnswer) return 0;
    // The source computes its confidence from the same reports. The mean of two fully dependent weights counts them
    // once: a logarithmic opinion pool (Genest and Zidek, Statistical Science 1, 1986).
    const pooled = (weighReports(effectiveReports) + atZero + slope * evidence.abuseConfidence) / 2;
    const weight = boundWeight(pooled, ABUSE_ERROR_RATE);
    if (!evidence.isWhitelisted) return weight;
    return Math.min(weight, boundWeight(pooled, WHITELISTED_ERROR_RATE)) + WHITELISTED_WEIGHT;
  }

  return createOwnScorer('statistical', ({ evidence, listings, context, activity, detections }) => {
    const reports = countEffectiveReports(evidence);
    const vendorWeight = boundWeight(weighFlags(evidence.vendorFlags, evidence.vendors), VENDOR_ERROR_RATE);
    const listWeight = weighListings(listings);
    const abuseWeight = weighAbuse(evidence, reports);
    const goodWeight = weighKnownGood(listings, combineKinds(vendorWeight, abuseWeight));
    const activityWeight = weighActivity(activity);
    const detectionWeight = weighBeside(weighDetections, detections, activityWeight);
    const posterior = Math.min(
      PRIOR +
        context.logOdds +
        combineKinds(joinOverlapping(vendorWeight, listWeight), abuseWeight) +
        goodWeight +
        activityWeight +
        detectionWeight,
      LARGEST_LOG_ODDS,
    );
    const weights = {
      vendors: vendorWeight,
      lists: listWeight + goodWeight,
      abuse: abuseWeight,
      activity: activityWeight,
      detections: detectionWeight,
    };
    const precision = measurePrecision(evidence, listings, reports, activity, detections);
    const deviation = 1 / Math.sqrt(PRIOR_PRECISION + precision);
    const score = roundToFourDecimals(probabilityOf(posterior));
    const low = roundToFourDecimals(probabilityOf(posterior - QUANTILE * deviation));
    const high = roundToFourDecimals(probabilityOf(posterior + QUANTILE * deviation));
    return {
      score,
      confidence: roundToFourDecimals(1 - deviation / PRIOR_DEVIATION),
      reasoning: explain({ score, low, high }, listings, detections, weights),
      features: nameFeatures(low, high, weights, reports),
    };
  });
}

export const statistical = createStatisticalScorer(model);

/**
 * Reports as if all came from different users: each user counts 1, and all their further reports together count with
 * the logarithm of their number; the total is discounted for age.
 */
function countEffectiveReports({ reporters, reports, reportAgeDays }: Evidence): number {
  if (reports === 0) return 0;
  const staleDays = Math.max(0, reportAgeDays - FRESH_DAYS);
  const freshness = OLD_REPORT_SHARE + (1 - OLD_REPORT_SHARE) * 2 ** (-staleDays / FORGETTING_DAYS);
  return (reporters + Math.log1p(reports - reporters)) * freshness;
}

function measurePrecision(
  evidence: Evidence,
  { families, knownGood }: ListingEvidence,
  effectiveReports: number,
  activity: ActivityEvidence,
  detections: DetectionEvidence,
): number {
  const vendors = Math.min(evidence.vendors, LARGEST_VENDOR_COUNT);
  const lists = Math.min(knownGood === undefined ? families.length : 1, MOST_INFORMATIVE_FAMILIES);
  const reports = Math.min(effectiveReports, LARGEST_INFORMATIVE_COUNT);
  const fromAbuse = evidence.hasAbuseAnswer ? PRECISION_OF_ABUSE_ANSWER + PRECISION_PER_REPORT * reports : 0;
  const fromActivity = isTelling(activity) ? precisionOf(activity) : 0;
  const fromFeeds = PRECISION_PER_VENDOR * vendors + PRECISION_PER_FAMILY * lists;
  const fromDetections = PRECISION_PER_RULE * detections.all.length;
  return fromActivity + fromDetections + fromFeeds + (evidence.isWhitelisted ? fromAbuse / 2 : fromAbuse);
}

/** Connections contribute as much as reports, up to a bound: they are all of one kind. */
function precisionOf({ knocks, guesses, retries, calls }: ActivityEvidence): number {
  return PRECISION_PER_REPORT * Math.min(knocks + guesses + retries + calls, LARGEST_INFORMATIVE_CONNECTIONS);
}

/** The weight of each kind of evidence, log-odds. */
interface Weights {
  readonly vendors: number;
  readonly lists: number;
  readonly abuse: number;
  readonly activity: number;
  readonly detections: number;
}

function explain(
  { score, low, high }: Readonly<Record<'score' | 'low' | 'high', number>>,
  listings: ListingEvidence,
  detected: DetectionEvidence,
  { vendors, lists, abuse, activity, detections }: Weights,
): string {
  const interval = `${toPercent(score)} %, 95 % interval ${toPercent(low)} to ${toPercent(high)} %`;
  let said = '';
  if (vendors !== 0) said += `, vendors ${say(vendors)}`;
  if (haveListings(listings)) said += `, ${describeListings(listings)} ${say(lists)}`;
  if (abuse !== 0) said += `, abuse reports ${say(abuse)}`;
  if (activity !== 0) said += `, what the connections show ${say(activity)}`;
  if (haveDetections(detected)) said += `, ${describeDetections(detected)} ${say(detections)}`;
  if (said === '') return `No evidence, so the base rate: ${interval}.`;
  return `${interval}; log-odds of the evidence: ${said.slice(2)}.`;
}

function say(weight: number): string {
  const tenths = Math.round(weight * 10);
  const digits = TENTHS[Math.abs(tenths)] ?? '20';
  return tenths < 0 ? `-${digits}` : `+${digits}`;
}

function nameFeatures(
  low: number,
  high: number,
  { vendors, lists, abuse, activity, detections }: Weights,
  reports: number,
): Record<string, number> {
  const features: Record<string, number> = {};
  const intervalLowFigure = figure('interval_low', low);
  if (intervalLowFigure !== 0) features.interval_low = intervalLowFigure;
  const intervalHighFigure = figure('interval_high', high);
  if (intervalHighFigure !== 0) features.interval_high = intervalHighFigure;
  const vendorWeightFigure = figure('vendor_weight', vendors);
  if (vendorWeightFigure !== 0) features.vendor_weight = vendorWeightFigure;
  const listWeightFigure = figure('list_weight', lists);
  if (listWeightFigure !== 0) features.list_weight = listWeightFigure;
  const abuseWeightFigure = figure('abuse_weight', abuse);
  if (abuseWeightFigure !== 0) features.abuse_weight = abuseWeightFigure;
  const activityWeightFigure = figure('activity_weight', activity);
  if (activityWeightFigure !== 0) features.activity_weight = activityWeightFigure;
  const detectionWeightFigure = figure('detection_weight', detections);
  if (detectionWeightFigure !== 0) features.detection_weight = detectionWeightFigure;
  const effectiveReportsFigure = figure('effective_reports', reports);
  if (effectiveReportsFigure !== 0) features.effective_reports = effectiveReportsFigure;
  return features;
}
