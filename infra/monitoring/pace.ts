/** How long a condition must last before it counts, and before it is over. */
export interface Pace {
  readonly periodMinutes: number;
  /** This many of the latest `evaluationPeriods` must breach. */
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
}

/**
 * For conditions that never occur in ordinary traffic: reported at once, and over after a quarter of an hour without
 * them.
 */
export const AT_ONCE: Pace = { periodMinutes: 5, datapointsToAlarm: 1, evaluationPeriods: 3 };
/** For conditions that occasionally resolve themselves: reported if they last. */
export const LASTING: Pace = { periodMinutes: 5, datapointsToAlarm: 2, evaluationPeriods: 3 };
/** For conditions that depend on current traffic: reported if they hold for most of an hour. */
export const MOST_OF_AN_HOUR: Pace = { periodMinutes: 15, datapointsToAlarm: 3, evaluationPeriods: 4 };
/** For conditions visible in low traffic: half an hour within an hour, since one-minute metrics arrive later. */
export const HALF_OF_AN_HOUR: Pace = { periodMinutes: 15, datapointsToAlarm: 2, evaluationPeriods: 4 };
/** For conditions that build up slowly: reported after an hour, and over after two without them. */
export const WITHIN_AN_HOUR: Pace = { periodMinutes: 60, datapointsToAlarm: 1, evaluationPeriods: 2 };
