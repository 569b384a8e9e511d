import type { ReadinessThresholds } from './readiness-thresholds.ts';

/** Figures from the time both scores were computed; null if there were none. */
export interface ReadinessFigures {
  readonly hours: number;
  readonly assessments: number;
  readonly failureRate: number | null;
  readonly uncertaintyRate: number | null;
  readonly averageScore: number | null;
  readonly latencyMs: number | null;
  /** Share of unexplained flips; 0 without flips. */
  readonly unexplainedFlips: number | null;
}

export type GateUnit = 'hours' | 'count' | 'share' | 'score' | 'milliseconds';

/** One condition for using the consensus score. */
export interface Gate {
  readonly name: keyof ReadinessThresholds;
  readonly unit: GateUnit;
  readonly value: number | null;
  /** Limits for the value; `minimum` and `maximum` are inclusive, `below` is exclusive. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly below?: number;
  readonly isPassed: boolean;
}

/** Evaluates the gates. A figure that is missing does not pass its gate. */
export function readinessGates(seen: ReadinessFigures, thresholds: ReadinessThresholds): Gate[] {
  const gate = (name: Gate['name'], unit: GateUnit, bounds: Bounds): Gate => {
    const value = seen[name];
    return { name, unit, value, ...bounds, isPassed: value !== null && isWithin(value, bounds) };
  };
  return [
    gate('hours', 'hours', { minimum: thresholds.hours }),
    gate('assessments', 'count', { minimum: thresholds.assessments }),
    gate('failureRate', 'share', { maximum: thresholds.failureRate }),
    gate('uncertaintyRate', 'share', { maximum: thresholds.uncertaintyRate }),
    gate('averageScore', 'score', thresholds.averageScore),
    gate('latencyMs', 'milliseconds', { below: thresholds.latencyMs }),
    gate('unexplainedFlips', 'share', { maximum: thresholds.unexplainedFlips }),
  ];
}

type Bounds = Pick<Gate, 'minimum' | 'maximum' | 'below'>;

function isWithin(
  value: number,
  {
    minimum = Number.NEGATIVE_INFINITY,
    maximum = Number.POSITIVE_INFINITY,
    below = Number.POSITIVE_INFINITY,
  }: Bounds,
): boolean {
  return value >= minimum && value <= maximum && value < below;
}
