import { type ActivityEvidence, amountOf, isTelling, MUCH_ACTIVITY } from '../activity-evidence.ts';
import type { Evidence } from '../evidence.ts';
import { createOwnScorer } from '../own-scorer.ts';
import { BASE_RATE, roundToFourDecimals } from '../probability.ts';
import { ACTIVITY_LADDERS } from './activity-rules.ts';
import { addFeature } from './features.ts';
import { LADDERS, REASSURANCES, type RuleSource } from './rules.ts';

/**
 * Share of what reports of a whitelisted address say that is kept. Popular resolvers are reported by dozens of users,
 * but their source gives those reports no confidence; where it does, they are doubtful, not void.
 */
const WHITELISTED_SHARE = 0.3;

/** Confidence that each source brings when it answered; they combine like the rules themselves. */
const CONFIDENCE = { none: 0.05, vendors: 0.45, blocklists: 0.35, reports: 0.4, activity: 0.35 };
/** What a single knock brings of the confidence that activity brings when there is much of it. */
const LITTLE_ACTIVITY = 0.3;
/** Vendors of which an answer counts in full. */
const FULL_ANSWER_VENDORS = 60;

/** Ladders that the reasoning names; the others are counted. */
const MOST_NAMED_LADDERS = 5;

/**
 * Expert rules, combined by a leaky noisy-OR (Pearl, Probabilistic Reasoning in Intelligent Systems, 1988, section
 * 4.3.2; leak: Henrion, UAI 1987): each rule that holds is a cause that makes the address malicious on its own with
 * its weight as probability, and the base rate is the leak. Independent evidence adds up and never exceeds 1.
 */
export const ruleBased = createOwnScorer('rule_based', ({ evidence, context, activity }) => {
  const survival: Record<RuleSource, number> = {
    vendors: 1,
    blocklists: 1,
    reports: 1,
    context: 1,
    activity: 1,
  };
  let named = '';
  let heldCount = 0;
  for (const { source, rungs } of LADDERS) {
    const share = evidence.isWhitelisted && source === 'reports' ? WHITELISTED_SHARE : 1;
    let ladderSurvival = 1;
    let highest = '';
    for (const { name, weight, holds } of rungs) {
      if (!holds(evidence, context)) break;
      ladderSurvival *= 1 - share * weight;
      highest = name;
    }
    if (highest === '') continue;
    survival[source] *= ladderSurvival;
    if (heldCount < MOST_NAMED_LADDERS) named += heldCount === 0 ? highest : `; ${highest}`;
    heldCount++;
  }
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
  let leastFactor = 1;
  let reassured = '';
  for (const reassurance of REASSURANCES) {
    if (!reassurance.holds(evidence)) continue;
    leastFactor = Math.min(leastFactor, reassurance.factor);
    reassured += reassured === '' ? reassurance.name : `; ${reassurance.name}`;
  }
  const leak = BASE_RATE * leastFactor;
  const benign =
    (1 - leak) *
    survival.vendors *
    survival.blocklists *
    survival.reports *
    survival.context *
    survival.activity;
  return {
    score: roundToFourDecimals(1 - benign),
    confidence: measureConfidence(evidence, activity),
    reasoning: explain(named, heldCount, reassured),
    features: nameFeatures(leak, survival),
  };
});

/** 1 minus the product of what each source that answered leaves open. */
function measureConfidence(evidence: Evidence, activity: ActivityEvidence): number {
  let doubt = 1 - CONFIDENCE.none;
  doubt *= 1 - CONFIDENCE.vendors * Math.min(1, evidence.vendors / FULL_ANSWER_VENDORS);
  if (evidence.lists > 0) doubt *= 1 - CONFIDENCE.blocklists;
  if (evidence.hasAbuseAnswer) doubt *= 1 - CONFIDENCE.reports;
  if (isTelling(activity))
    doubt *= 1 - CONFIDENCE.activity * (amountOf(activity) >= MUCH_ACTIVITY ? 1 : LITTLE_ACTIVITY);
  return roundToFourDecimals(1 - doubt);
}

function explain(named: string, heldCount: number, reassured: string): string {
  if (heldCount === 0 && reassured === '') return 'No rule holds: the base rate, for want of evidence.';
  const more = heldCount > MOST_NAMED_LADDERS ? ` and ${heldCount - MOST_NAMED_LADDERS} more` : '';
  const raising = heldCount === 0 ? 'No rule raises it' : `Raised by ${named}${more}`;
  return reassured === '' ? `${raising}.` : `${raising}; lowered by ${reassured}.`;
}

/** The base rate as lowered, and the probability that each source's rules add up to. */
function nameFeatures(leak: number, survival: Readonly<Record<RuleSource, number>>): Record<string, number> {
  const features: Record<string, number> = {};
  addFeature(features, 'base', leak);
  addFeature(features, 'vendors', 1 - survival.vendors);
  addFeature(features, 'blocklists', 1 - survival.blocklists);
  addFeature(features, 'reports', 1 - survival.reports);
  addFeature(features, 'context', 1 - survival.context);
  addFeature(features, 'activity', 1 - survival.activity);
  return features;
}
