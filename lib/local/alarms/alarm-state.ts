export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What a missing data point counts as, as CloudFormation spells it. */
export const MISSING_DATA_TREATMENTS = ['notBreaching', 'breaching', 'ignore', 'missing'] as const;
export type MissingDataTreatment = (typeof MISSING_DATA_TREATMENTS)[number];

/** M out of N. */
export interface Evaluation {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: MissingDataTreatment;
}

/** Whether a period's data point breaches the threshold; undefined if there is none. */
export type DataPoint = boolean | undefined;

/**
 * Decides an alarm's state from the latest data points, the oldest first. There may be more of them than evaluation
 * periods: those beyond stand in for what is missing.
 * Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
 */
export function nextState(
  points: readonly DataPoint[],
  { evaluationPeriods, datapointsToAlarm, missingData }: Evaluation,
  current: AlarmState,
): AlarmState {
  const real = points.filter((point) => point !== undefined);
  const judged = real.slice(-evaluationPeriods);
  const breaching = judged.filter(Boolean).length;
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (real.length >= evaluationPeriods || missingData === 'notBreaching') return 'OK';
  if (missingData === 'breaching') {
    return breaching + evaluationPeriods - real.length >= datapointsToAlarm ? 'ALARM' : 'OK';
  }
  return stateOfFewPoints(points, datapointsToAlarm, missingData, current);
}

/**
 * With missing points that count as neither, fewer than M breaching ones can still mean ALARM: when nothing but
 * breaching points is known and the oldest is M periods old. When it is younger the next point may yet clear it.
 */
function stateOfFewPoints(
  points: readonly DataPoint[],
  datapointsToAlarm: number,
  missingData: 'ignore' | 'missing',
  current: AlarmState,
): AlarmState {
  if (points.every((point) => point === undefined)) {
    return missingData === 'ignore' ? current : 'INSUFFICIENT_DATA';
  }
  if (points.includes(false)) return 'OK';
  const ageOfOldest = points.length - points.indexOf(true);
  if (ageOfOldest < datapointsToAlarm) return current;
  return missingData === 'ignore' ? current : 'ALARM';
}
