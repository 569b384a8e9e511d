import { styled } from '../../lib/cli/output/terminal.ts';
import { type Budget, type Figure, isMet } from './benchmark.ts';

/** What one benchmark found. */
export interface Section {
  readonly name: string;
  readonly summary: string;
  readonly figures: readonly Figure[];
}

const INDENT = '  ';
const GAP = '   ';

/** Lays figures out in columns with their budgets beside them, benchmark by benchmark. */
export function tableLines(sections: readonly Section[]): string[] {
  const figures = sections.flatMap((section) => section.figures);
  const widths = {
    name: longest(figures.map(({ name }) => name)),
    value: longest(figures.map(({ value }) => formatNumber(value))),
    unit: longest(figures.map(({ unit }) => unit)),
  };
  const line = (figure: Figure) => {
    const { name, value, unit, budget } = figure;
    const columns = [name.padEnd(widths.name), formatNumber(value).padStart(widths.value), unit];
    if (budget === undefined) return `${INDENT}${columns.join(GAP)}`;
    columns[2] = unit.padEnd(widths.unit);
    return `${INDENT}${[...columns, verdict(figure, budget)].join(GAP)}`;
  };
  return sections.flatMap(({ name, summary, figures: own }) => [
    '',
    `${styled('bold', name)}  ${styled('dim', summary)}`,
    ...own.map(line),
  ]);
}

function verdict(figure: Figure, budget: Budget): string {
  const bound =
    'atLeast' in budget ? `>= ${formatNumber(budget.atLeast)}` : `<= ${formatNumber(budget.atMost)}`;
  return `${bound}  ${isMet(figure) ? styled('green', 'met') : styled('red', 'not met')}`;
}

/** Three significant digits, and all digits before the point: `330,000`, `12.3`, `0.0456`. */
export function formatNumber(value: number): string {
  if (Math.abs(value) >= 100) return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
