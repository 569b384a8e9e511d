import type { Assessment } from '../store/assessment.ts';
import type { FindingAnnouncement } from './announcement.ts';

/** The scorers' own reasons are far shorter; a message has room for a few thousand characters. */
const MOST_REASONING_CHARACTERS = 400;

/** What an announcement says of the assessment that led to it, besides its score. */
export function announcedVerdict(assessment: Assessment) {
  const { scored_by, evidence, pattern, engine_version, input } = assessment;
  const consensus = assessment.method === 'median' ? assessment : undefined;
  return {
    scoredBy: scored_by,
    ...(consensus !== undefined && { confidence: consensus.confidence }),
    isUncertain: consensus?.high_uncertainty === true,
    votes: announcedVotes(assessment),
    evidence,
    ...(pattern !== undefined && { pattern }),
    ...(input.activity !== undefined && { activity: input.activity }),
    engineVersion: engine_version,
  } satisfies Partial<FindingAnnouncement>;
}

/** Votes in the form used in announcements. */
function announcedVotes({ votes: cast }: Pick<Assessment, 'votes'>): FindingAnnouncement['votes'] {
  const votes = Object.entries(cast).map(([name, { score, confidence, reasoning }]) => [
    name,
    { score, confidence, reasoning: reasoning.slice(0, MOST_REASONING_CHARACTERS) },
  ]);
  return Object.fromEntries(votes);
}
