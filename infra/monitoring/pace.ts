/** How long something must last before it counts, and before it is over. */
export interface Pace {
  readonly periodMinutes: number;
  /** So many of the latest `evaluationPeriods` must breach. */
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
}

/** For what never happens in ordinary traffic: reported at once, and over after a quarter of an hour without it. */
export const AT_ONCE: Pace = { periodMinutes: 5, datapointsToAlarm: 1, evaluationPeriods: 3 };
/** For what passes by itself now and then: reported when it lasts. */
export const LASTING: Pace = { periodMinutes: 5, datapointsToAlarm: 2, evaluationPeriods: 3 };
/** For what depends on who happens to be talking: reported when most of an hour looks that way. */
export const MOST_OF_AN_HOUR: Pace = { periodMinutes: 15, datapointsToAlarm: 3, evaluationPeriods: 4 };
/** For what shows where little comes: half an hour of it within an hour, since metrics of a minute arrive later. */
export const HALF_OF_AN_HOUR: Pace = { periodMinutes: 15, datapointsToAlarm: 2, evaluationPeriods: 4 };
/** For what adds up slowly: reported after an hour, and over after two without it. */
export const WITHIN_AN_HOUR: Pace = { periodMinutes: 60, datapointsToAlarm: 1, evaluationPeriods: 2 };
