import { CONTENDERS } from './assess-rows.ts';
import type { SetEvaluation } from './evaluate-scorers.ts';
import type { Metrics } from './metrics.ts';

/** The figures of a table, with their meaningful decimals. */
export const COLUMNS: ReadonlyArray<readonly [heading: string, metric: keyof Metrics, decimals: number]> = [
  ['AUC', 'auc', 3],
  ['AP', 'averagePrecision', 3],
  ['Brier', 'brier', 4],
  ['ECE', 'calibrationError', 3],
  ['recall', 'recall', 3],
  ['FPR', 'falsePositiveRate', 4],
];

/** A plain-text table per set: one row per contender, with its 95 % intervals below. */
export function formatEvaluation(evaluations: readonly SetEvaluation[]): string {
  return evaluations.map(formatSet).join('\n');
}

function formatSet(evaluation: SetEvaluation): string {
  const { highUncertaintyInterval: uncertain } = evaluation;
  const title = `${evaluation.name}: ${evaluation.rowCount} rows, ${percent(evaluation.prevalence)} malicious, Brier of the base rate ${evaluation.baseRateBrier.toFixed(4)}`;
  const uncertainty = `high uncertainty ${percent(evaluation.highUncertainty)} (${percent(uncertain[0])} to ${percent(uncertain[1])})`;
  const heading = `${'scorer'.padEnd(12)}${COLUMNS.map(([text]) => text.padStart(15)).join('')}`;
  const rows = CONTENDERS.flatMap((contender) => {
    const { metrics, intervals } = evaluation.contenders[contender];
    const cells = COLUMNS.map(([, metric, decimals]) => metrics[metric].toFixed(decimals).padStart(15));
    const ranges = COLUMNS.map(([, metric, decimals]) =>
      intervals[metric]
        .map((end) => end.toFixed(decimals))
        .join('-')
        .padStart(15),
    );
    return [`${contender.padEnd(12)}${cells.join('')}`, `${''.padEnd(12)}${ranges.join('')}`];
  });
  const correlations = evaluation.errorCorrelations.map(
    ({ scorers, correlation }) =>
      `  ${scorers.join(' and ').padEnd(28)}${correlation.all.toFixed(2)}, among malicious ${correlation.malicious.toFixed(2)}, among benign ${correlation.benign.toFixed(2)}`,
  );
  return `${[title, uncertainty, heading, ...rows, 'correlation of errors', ...correlations].join('\n')}\n`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
