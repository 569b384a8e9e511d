import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlarmState,
  type DataPoint,
  type MissingDataTreatment,
  nextState,
} from '../../../../lib/local/alarms/alarm-state.ts';

const RETAINED: AlarmState = 'INSUFFICIENT_DATA';

/** As AWS writes them: X breaches, 0 does not, - is missing; the latest is on the right. */
function pointsOf(text: string): DataPoint[] {
  return text.split(' ').map((symbol) => (symbol === '-' ? undefined : symbol === 'X'));
}

function stateOf(points: string, datapointsToAlarm: number, missingData: MissingDataTreatment): AlarmState {
  return nextState(pointsOf(points), { evaluationPeriods: 3, datapointsToAlarm, missingData }, RETAINED);
}

// CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data": both tables, and the examples of
// "Avoiding premature transitions to alarm state".
describe("AWS's examples", () => {
  it.each([
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', RETAINED, 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', RETAINED, 'ALARM', 'OK'],
    ['- - - - X', RETAINED, RETAINED, 'ALARM', 'OK'],
    ['- - - X -', RETAINED, RETAINED, 'ALARM', 'OK'],
    ['- - - X 0', 'OK', 'OK', 'OK', 'OK'],
    ['- - X - 0', 'OK', 'OK', 'OK', 'OK'],
  ] as const)('3 out of 3: %s', (points, missing, ignore, breaching, notBreaching) => {
    expect({
      missing: stateOf(points, 3, 'missing'),
      ignore: stateOf(points, 3, 'ignore'),
      breaching: stateOf(points, 3, 'breaching'),
      notBreaching: stateOf(points, 3, 'notBreaching'),
    }).toEqual({ missing, ignore, breaching, notBreaching });
  });

  it.each([
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', RETAINED, 'ALARM', 'OK'],
  ] as const)('2 out of 3: %s', (points, missing, ignore, breaching, notBreaching) => {
    expect({
      missing: stateOf(points, 2, 'missing'),
      ignore: stateOf(points, 2, 'ignore'),
      breaching: stateOf(points, 2, 'breaching'),
      notBreaching: stateOf(points, 2, 'notBreaching'),
    }).toEqual({ missing, ignore, breaching, notBreaching });
  });
});

describe('without missing data', () => {
  it('M breaching ones among the latest N decide, whatever came before and missing data count as', () => {
    const treatments = fc.constantFrom<MissingDataTreatment>(
      'missing',
      'ignore',
      'breaching',
      'notBreaching',
    );
    const states = fc.constantFrom<AlarmState>('OK', 'ALARM', 'INSUFFICIENT_DATA');
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 4, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        treatments,
        states,
        (points, datapointsToAlarm, missingData, current) => {
          const breaching = points.slice(-4).filter(Boolean).length;

          const state = nextState(points, { evaluationPeriods: 4, datapointsToAlarm, missingData }, current);

          expect(state).toBe(breaching >= datapointsToAlarm ? 'ALARM' : 'OK');
        },
      ),
    );
  });
});
