import { describe, expect, it } from 'vitest';
import { attentionReasons } from '../../../lib/store/assessment.ts';
import {
  assessment,
  failedAssessment,
  legacyAssessment,
  plainAssessment,
} from '../../factories/assessments.ts';

describe('attentionReasons', () => {
  it.each([
    ['nothing', plainAssessment({ threat_score: 0.69 }), []],
    ['the threshold', plainAssessment({ threat_score: 0.7 }), ['malicious']],
    ['uncertainty', assessment({ threat_score: 0.1 }), ['uncertain']],
    ['both', assessment({ threat_score: 1 }), ['malicious', 'uncertain']],
    ['a failure', failedAssessment(), ['failed']],
    ['a legacy score', legacyAssessment(), []],
    ['a high legacy score', legacyAssessment({ threat_score: 0.8 }), ['malicious']],
    ['no score at all', legacyAssessment({ threat_score: 0.5, scored_by: 'fallback' }), ['failed']],
    [
      'a failure with a high legacy score',
      { ...failedAssessment(), threat_score: 0.9 },
      ['malicious', 'failed'],
    ],
  ])('finds in %s why a human should look', (_, given, expected) => {
    expect(attentionReasons(given, 0.7)).toEqual(expected);
  });
});
