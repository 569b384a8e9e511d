import { amountOf, isTelling, MUCH_ACTIVITY } from '../activity-evidence.ts';
import { describeDetections, haveDetections } from '../detection-evidence.ts';
import { describeListings, haveListings } from '../listing-evidence.ts';
import { createOwnScorer } from '../own-scorer.ts';
import { BASE_RATE, roundToFourDecimals } from '../probability.ts';
import type { Reading } from '../reading.ts';
import { ACTIVITY_LADDERS } from './activity-rules.ts';
import { survivalOfDetections } from './detection-rules.ts';
import { figure } from './features.ts';
import { KNOWN_GOOD_FACTOR, survivalOfLists } from './list-rules.ts';
import { LADDERS, type Ladder, REASSURANCES, type RuleSource } from './rules.ts';

/**
 * Share of the weight of reports that is kept for a whitelisted address. Popular resolvers are reported by dozens of
 * users, but their source gives those reports no confidence; if it does, they are doubtful but not void.
 */
const WHITELISTED_SHARE = 0.3;

/** Confidence that each source contributes when it answered; they combine like the rules themselves. */
const CONFIDENCE = { none: 0.05, vendors: 0.45, lists: 0.35, reports: 0.4, activity: 0.35, detections: 0.35 };
/** Share of activity's confidence that a single knock contributes. */
const LITTLE_ACTIVITY = 0.3;
/** An answer of this many vendors counts in full. */
const FULL_ANSWER_VENDORS = 60;

/** Ladders that the reasoning names; the others are only counted. */
const MOST_NAMED_LADDERS = 5;

/**
 * Expert rules, combined by a leaky noisy-OR (Pearl, Probabilistic Reasoning in Intelligent Systems, 1988, section
 * 4.3.2; leak: Henrion, UAI 1987): each rule that holds is a cause that makes the address malicious on its own with its
 * weight as probability, and the base rate is the leak. Independent evidence accumulates and never exceeds 1.
 */
export const ruleBased = createOwnScorer('rule_based', (reading) => {
  const { evidence, listings, context, activity, detections } = reading;
  const { infrastructure, knownGood } = listings;
  const survival = { vendors: 1, lists: 1, reports: 1, context: 1, activity: 1, detections: 1 };
  survival.lists = survivalOfLists(listings);
  let named = survival.lists < 1 ? describeListings(listings) : '';
  let heldCount = survival.lists < 1 ? 1 : 0;

  /** The probability that the address is harmless, given the rules of one source; names the highest rung of each ladder. */
  function climb(ladders: readonly Ladder[], share: number): number {
    let open = 1;
    for (const rungs of ladders) {
      let ladderSurvival = 1;
      let highest = '';
      for (const { name, weight, holds } of rungs) {
        if (!holds(evidence, context)) break;
        ladderSurvival *= 1 - share * weight;
        highest = name;
      }
      if (highest === '') continue;
      open *= ladderSurvival;
      if (heldCount < MOST_NAMED_LADDERS) named += heldCount === 0 ? highest : `; ${highest}`;
      heldCount++;
    }
    return open;
  }

  if (evidence.vendorFlags > 0) survival.vendors = climb(LADDERS.vendors, 1);
  if (evidence.reports > 0 || evidence.abuseConfidence > 0)
    survival.reports = climb(LADDERS.reports, evidence.isWhitelisted ? WHITELISTED_SHARE : 1);
  survival.context = climb(LADDERS.context, 1);
  if (isTelling(activity)) {
    for (const { describe, rungs } of ACTIVITY_LADDERS) {
      let ladderSurvival = 1;
      for (const { weight, holds } of rungs) if (holds(activity)) ladderSurvival *= 1 - weight;
      if (ladderSurvival === 1) continue;
      survival.activity *= ladderSurvival;
      if (heldCount < MOST_NAMED_LADDERS)
        named += heldCount === 0 ? describe(activity) : `; ${describe(activity)}`;
      heldCount++;
    }
  }
  survival.detections = survivalOfDetections(detections, survival.activity);
  if (haveDetections(detections)) {
    if (heldCount < MOST_NAMED_LADDERS)
      named += heldCount === 0 ? describeDetections(detections) : `; ${describeDetections(detections)}`;
    heldCount++;
  }
  let leastFactor = 1;
  let reassured = '';
  for (const reassurance of REASSURANCES) {
    if (!reassurance.holds(evidence)) continue;
    leastFactor = Math.min(leastFactor, reassurance.factor);
    reassured += reassured === '' ? reassurance.name : `; ${reassurance.name}`;
  }
  if (knownGood !== undefined) {
    leastFactor = Math.min(leastFactor, KNOWN_GOOD_FACTOR);
    reassured = reassured === '' ? describeListings(listings) : `${describeListings(listings)}; ${reassured}`;
  }
  const leak = BASE_RATE * leastFactor;
  const benign =
    (1 - leak) *
    survival.vendors *
    survival.lists *
    survival.reports *
    survival.context *
    survival.activity *
    survival.detections;
  return {
    score: roundToFourDecimals(1 - benign),
    confidence: measureConfidence(reading),
    reasoning: explain(named, heldCount, reassured, infrastructure),
    features: nameFeatures(leak, survival),
  };
});

/** 1 minus the product of the doubt that each source which answered leaves. */
function measureConfidence({ evidence, listings, activity, detections }: Reading): number {
  let doubt = 1 - CONFIDENCE.none;
  doubt *= 1 - CONFIDENCE.vendors * Math.min(1, evidence.vendors / FULL_ANSWER_VENDORS);
  if (haveListings(listings)) doubt *= 1 - CONFIDENCE.lists;
  if (evidence.hasAbuseAnswer) doubt *= 1 - CONFIDENCE.reports;
  if (isTelling(activity))
    doubt *= 1 - CONFIDENCE.activity * (amountOf(activity) >= MUCH_ACTIVITY ? 1 : LITTLE_ACTIVITY);
  if (haveDetections(detections)) doubt *= 1 - CONFIDENCE.detections;
  return roundToFourDecimals(1 - doubt);
}

function explain(
  named: string,
  heldCount: number,
  reassured: string,
  infrastructure: string | undefined,
): string {
  const what = infrastructure === undefined ? '' : ` Infrastructure: ${infrastructure}.`;
  if (heldCount === 0 && reassured === '') return `No rule holds: the base rate, without evidence.${what}`;
  const more = heldCount > MOST_NAMED_LADDERS ? ` and ${heldCount - MOST_NAMED_LADDERS} more` : '';
  const raising = heldCount === 0 ? 'No rule raises it' : `Raised by ${named}${more}`;
  return `${raising}${reassured === '' ? '' : `; lowered by ${reassured}`}.${what}`;
}

/** The lowered base rate, and the combined probability of each source's rules. */
function nameFeatures(leak: number, survival: Readonly<Record<RuleSource, number>>): Record<string, number> {
  const features: Record<string, number> = {};
  const baseFigure = figure('base', leak);
  if (baseFigure !== 0) features.base = baseFigure;
  const vendorsFigure = figure('vendors', 1 - survival.vendors);
  if (vendorsFigure !== 0) features.vendors = vendorsFigure;
  const listsFigure = figure('lists', 1 - survival.lists);
  if (listsFigure !== 0) features.lists = listsFigure;
  const reportsFigure = figure('reports', 1 - survival.reports);
  if (reportsFigure !== 0) features.reports = reportsFigure;
  const contextFigure = figure('context', 1 - survival.context);
  if (contextFigure !== 0) features.context = contextFigure;
  const activityFigure = figure('activity', 1 - survival.activity);
  if (activityFigure !== 0) features.activity = activityFigure;
  const detectionsFigure = figure('detections', 1 - survival.detections);
  if (detectionsFigure !== 0) features.detections = detectionsFigure;
  return features;
}
