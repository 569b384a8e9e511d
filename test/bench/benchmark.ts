import type { Progress } from '../../lib/cli/output/progress.ts';

/**
 * A bound that a figure should keep. `atLeastPerLoop` is quoted against the calibration loop: so many times the loops
 * that a second of CPU time takes on the machine that measures.
 */
export type Budget =
  | { readonly atLeast: number }
  | { readonly atMost: number }
  | { readonly atLeastPerLoop: number };

export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `records/s`, `ms`, `USD`, ... */
  readonly unit: string;
  readonly budget?: Budget;
}

export interface BenchmarkContext {
  /** A tenth of the work: figures are rough. */
  readonly isQuick: boolean;
  readonly progress: Progress;
  /** Folder with sensors' logs. */
  readonly logs?: string;
  /** Another checkout of this project. */
  readonly against?: string;
}

export interface Benchmark {
  readonly name: string;
  /** One line: what is measured. */
  readonly summary: string;
  run(context: BenchmarkContext): Promise<readonly Figure[]>;
}

/** A benchmark could not be carried out; the message is one line. */
export class BenchmarkError extends Error {
  override readonly name = 'BenchmarkError';
  readonly code = 'BENCHMARK_FAILED';
}

/** The full amount of work, or a tenth of it, at least one. */
export function amount({ isQuick }: BenchmarkContext, full: number): number {
  return isQuick ? Math.max(1, Math.round(full / 10)) : full;
}

/** A figure with its budget as a bound of its own unit, and the speed of the machine beside it. */
export interface MeasuredFigure extends Figure {
  readonly budget?: Exclude<Budget, { readonly atLeastPerLoop: number }>;
  /** Calibration loops per second of CPU time; absent if the figure does not depend on the machine's speed. */
  readonly calibration?: number;
}

/** Units of what a quicker machine does quicker. */
const ABSOLUTE_UNITS = /^(?:\w+\/s|s|ms|µs)$/;

/** @param calibration calibration loops per second of CPU time, measured around the figure */
export function calibrated({ budget, ...figure }: Figure, calibration: number): MeasuredFigure {
  return {
    ...figure,
    ...(budget !== undefined && {
      budget: 'atLeastPerLoop' in budget ? { atLeast: budget.atLeastPerLoop * calibration } : budget,
    }),
    ...(ABSOLUTE_UNITS.test(figure.unit) && { calibration }),
  };
}

export function isMet({ value, budget }: MeasuredFigure): boolean | undefined {
  if (budget === undefined) return undefined;
  return 'atLeast' in budget ? value >= budget.atLeast : value <= budget.atMost;
}
