import type { Urgent } from '../../../announcement/urgency.ts';
import { attentionReasons } from '../../../store/assessment.ts';
import { directionIn } from '../../../store/assessment-id.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { maliciousThresholdOf } from '../../../store/settings-stamp.ts';

/**
 * The fields of an assessment that decide its urgency. If it covers connections in both directions, it counts as
 * outbound.
 */
export function urgentAssessment({ address, endpoints, assessment, settings }: ReadAssessment): Urgent {
  const directions = endpoints.map(directionIn);
  const direction = directions.includes('outbound') ? 'outbound' : (directions[0] ?? 'external');
  const { threat_score: score, pattern, input, evidence } = assessment;
  return {
    address,
    direction,
    score,
    reasons: attentionReasons(assessment, maliciousThresholdOf(settings)),
    pattern,
    answered: input.activity?.answered,
    hasIntelligence: evidence.some((source) => source !== 'activity'),
  };
}
