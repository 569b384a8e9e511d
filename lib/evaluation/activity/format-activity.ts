import type { ActivityFigures, Estimate } from './measure-activity.ts';

const COLUMNS: ReadonlyArray<readonly [heading: string, text: (figures: ActivityFigures) => string]> = [
  ['units', ({ scheme }) => scheme],
  ['recall, 3 or more', ({ recallOfThree }) => share(recallOfThree)],
  ['recall', ({ recall }) => share(recall)],
  ['benign connections', ({ benignConnections }) => percent(benignConnections)],
  ['benign addresses', ({ benignAddresses }) => percent(benignAddresses)],
  ['AUC', ({ auc }) => share(auc)],
  ['uncertain', ({ uncertain }) => percent(uncertain)],
  ['a lone knock', ({ loneKnock }) => loneKnock.map((score) => score.toFixed(2)).join(' to ')],
];

/** A table for people, with 95 % intervals in brackets. */
export function formatActivity(figures: readonly ActivityFigures[]): string {
  const rows = [
    COLUMNS.map(([heading]) => heading),
    ...figures.map((each) => COLUMNS.map(([, text]) => text(each))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const table = rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
  return `${table}\n${correlationLines(figures[0])}`;
}

function correlationLines(figures: ActivityFigures | undefined): string {
  if (figures === undefined) return '';
  const lines = figures.errorCorrelations.map(({ scorers: [left, right], correlation }) => {
    const { all, malicious, benign } = correlation;
    const texts = [all, malicious, benign].map((value) => (Number.isNaN(value) ? '-' : value.toFixed(2)));
    return `  ${left} and ${right}: ${texts.join(', ')}\n`;
  });
  return `Correlation of errors over all inputs, malicious and benign ones (${figures.scheme}):\n${lines.join('')}`;
}

function share({ value, interval: [low, high] }: Estimate): string {
  return `${value.toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`;
}

function percent({ value, interval: [low, high] }: Estimate): string {
  return `${(100 * value).toFixed(2)} % (${(100 * low).toFixed(2)}-${(100 * high).toFixed(2)})`;
}
