import { type ActivityEvidence, readActivity } from './activity-evidence.ts';
import { type Context, readContext } from './context.ts';
import { type DetectionEvidence, readDetections } from './detection-evidence.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { type ListingEvidence, readListings } from './listing-evidence.ts';
import type { ScoringInput } from './scoring-input.ts';

/** A scoring input as the engine's scorers understand it: read once per assessment, for all of them. */
export interface Reading {
  readonly evidence: Evidence;
  readonly listings: ListingEvidence;
  readonly context: Context;
  readonly activity: ActivityEvidence;
  readonly detections: DetectionEvidence;
}

export function readInput(input: ScoringInput): Reading {
  return {
    evidence: readEvidence(input),
    listings: readListings(input),
    context: readContext(input),
    activity: readActivity(input),
    detections: readDetections(input),
  };
}
