export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** How missing data points are treated, in CloudFormation's spelling. */
export const MISSING_DATA_TREATMENTS = ['notBreaching', 'breaching', 'ignore', 'missing'] as const;
export type MissingDataTreatment = (typeof MISSING_DATA_TREATMENTS)[number];

/** M out of N. */
export interface Evaluation {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: MissingDataTreatment;
}

/** Whether a period's data point breaches the threshold; undefined if it is missing. */
export type DataPoint = boolean | undefined;

/**
 * Decides an alarm's state from the latest data points, oldest first. If there are more than the evaluation periods,
 * the extra ones replace missing points. Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat
 * missing data".
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
 * If missing points are ignored, fewer than M breaching ones can still mean ALARM: when every known point is breaching
 * and the oldest is M periods old. If it is more recent, the next point may still be good.
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
