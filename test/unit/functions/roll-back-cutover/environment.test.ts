import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../../functions/roll-back-cutover/environment.ts';

const GOOD = {
  SETTINGS_PARAMETER: '/threat-consensus/test/settings',
  INITIAL_SETTINGS_PARAMETER: '/threat-consensus/test/cutover/initial',
  ROLLBACK_ALARM: 'threat-consensus-test-rollback',
  ALARM_TOPIC_ARNS: 'arn:aws:sns:eu-central-1:123456789012:alarms,arn:aws:sns:eu-central-1:123456789012:soc',
  POWERTOOLS_SERVICE_NAME: 'threat-consensus-test',
};

describe('readEnvironment', () => {
  it('reads what the template gives', () => {
    expect(readEnvironment({ ...GOOD, PATH: '/bin' })).toEqual({
      ...GOOD,
      ALARM_TOPIC_ARNS: [
        'arn:aws:sns:eu-central-1:123456789012:alarms',
        'arn:aws:sns:eu-central-1:123456789012:soc',
      ],
    });
  });

  it('names all that is wrong in one line', () => {
    const wrong = {
      ...GOOD,
      SETTINGS_PARAMETER: '',
      ROLLBACK_ALARM: '',
      ALARM_TOPIC_ARNS: 'arn:aws:sns:eu-central-1:123456789012:alarms,soc',
    };

    expect(() => readEnvironment(wrong)).toThrow(
      /^environment variables of roll-back-cutover: SETTINGS_PARAMETER: [^\n]+; ROLLBACK_ALARM: [^\n]+; ALARM_TOPIC_ARNS\.1: [^\n]+$/,
    );
  });
});
