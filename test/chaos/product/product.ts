/**
 * The parts of the product that the simulation runs, bundled with the simulation's clock and randomness instead of the
 * real ones.
 */
export { DEFAULT_ANNOUNCEMENT_SETTINGS } from '../../../lib/announcement/announcement-settings.ts';
export { assessBatch } from '../../../lib/assessment/assess-batch.ts';
export { FindingNotes } from '../../../lib/assessment/note-findings.ts';
export { settledOptions } from '../../../lib/assessment/settled-options.ts';
export { DEFAULT_SETTINGS } from '../../../lib/cutover/settings.ts';
export { canonicalJson } from '../../../lib/records/canonical-json.ts';
export { createLocality } from '../../../lib/records/locality.ts';
export {
  readAllAssessmentsOf,
  readAssessmentsBetween,
  readAssessmentsIn,
  readAssessmentsOf,
} from '../../../lib/store/read-assessments.ts';
export { readStatistics, readSummariesBetween } from '../../../lib/store/read-summaries.ts';
