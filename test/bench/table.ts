import { styled } from '../../lib/cli/output/terminal.ts';
import { isMet, type MeasuredFigure } from './benchmark.ts';

/** What one benchmark found. */
export interface Section {
  readonly name: string;
  readonly summary: string;
  readonly figures: readonly MeasuredFigure[];
}

const INDENT = '  ';
const GAP = '   ';

/**
 * Lays figures out in columns, benchmark by benchmark. Beside each that depends on the machine stands what the
 * calibration loop did meanwhile, and beside each that has one, its budget.
 */
export function tableLines(sections: readonly Section[]): string[] {
  const figures = sections.flatMap((section) => section.figures);
  const widths = {
    name: longest(figures.map(({ name }) => name)),
    value: longest(figures.map(({ value }) => formatNumber(value))),
    unit: longest(figures.map(({ unit }) => unit)),
    calibration: longest(figures.map(loops)),
  };
  const line = (figure: MeasuredFigure) => {
    const { name, value, unit } = figure;
    const columns = [
      name.padEnd(widths.name),
      formatNumber(value).padStart(widths.value),
      unit.padEnd(widths.unit),
      loops(figure).padEnd(widths.calibration),
      verdict(figure),
    ];
    return `${INDENT}${columns.join(GAP)}`.trimEnd();
  };
  return sections.flatMap(({ name, summary, figures: own }) => [
    '',
    `${styled('bold', name)}  ${styled('dim', summary)}`,
    ...own.map(line),
  ]);
}

function loops({ calibration }: MeasuredFigure): string {
  return calibration === undefined ? '' : `at ${formatNumber(calibration)} loops/s`;
}

function verdict(figure: MeasuredFigure): string {
  const { budget } = figure;
  if (budget === undefined) return '';
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
