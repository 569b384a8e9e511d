import { CONTENDERS, type SetEvaluation } from './evaluate-scorers.ts';
import type { Metrics } from './metrics.ts';

const COLUMNS: ReadonlyArray<readonly [heading: string, metric: keyof Metrics, decimals: number]> = [
  ['AUC', 'auc', 3],
  ['AP', 'averagePrecision', 3],
  ['Brier', 'brier', 4],
  ['ECE', 'calibrationError', 3],
  ['recall', 'recall', 3],
  ['FPR', 'falsePositiveRate', 4],
];

/** A table per set as plain text, one row for each that was measured. */
export function formatEvaluation(evaluations: readonly SetEvaluation[]): string {
  return evaluations.map(formatSet).join('\n');
}

function formatSet({ name, rowCount, prevalence, highUncertainty, metrics }: SetEvaluation): string {
  const title = `${name}: ${rowCount} rows, ${percent(prevalence)} malicious, ${percent(highUncertainty)} highly uncertain`;
  const heading = `${'scorer'.padEnd(12)}${COLUMNS.map(([text]) => text.padStart(8)).join('')}`;
  const rows = CONTENDERS.map((contender) => {
    const cells = COLUMNS.map(([, metric, decimals]) =>
      metrics[contender][metric].toFixed(decimals).padStart(8),
    );
    return `${contender.padEnd(12)}${cells.join('')}`;
  });
  return `${[title, heading, ...rows].join('\n')}\n`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
