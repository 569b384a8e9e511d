import type { Progress } from '../../lib/cli/output/progress.ts';

/** A bound that a figure should keep. */
export type Budget = { readonly atLeast: number } | { readonly atMost: number };

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

export function isMet({ value, budget }: Figure): boolean | undefined {
  if (budget === undefined) return undefined;
  return 'atLeast' in budget ? value >= budget.atLeast : value <= budget.atMost;
}
