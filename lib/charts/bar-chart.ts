import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { axisIn, drawThemes } from './draw-themes.ts';
import type { Html } from './html.ts';
import type { Palette } from './palette.ts';

use([BarChart, GridComponent, SVGRenderer]);

export interface BarSeries {
  readonly name: string;
  /** One per category. */
  readonly values: readonly number[];
  /** Index of its colour in the palette. */
  readonly color: number;
}

export interface BarChartOptions {
  /** For readers who cannot see the chart. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly categories: readonly string[];
  readonly series: readonly BarSeries[];
  /** Stacked instead of side by side. */
  readonly isStacked?: boolean;
  /** End of the axis; the largest value by default. */
  readonly largest?: number;
}

/** If the largest bar is this many times the smallest, a linear axis would hide the small ones. */
const LOGARITHMIC_FROM = 50;

/** Start of a logarithmic axis: below one, so that a bar of one is visible. */
const LEAST_SHOWN = 0.5;

/** A bar chart of categories. Values of very different sizes get a logarithmic axis, as its label says. */
export function renderBarChart(options: BarChartOptions): Html {
  const isLogarithmic = options.isStacked !== true && options.largest === undefined && isWide(options.series);
  return drawThemes(options.description, (palette) => ({
    grid: { left: 62, right: 10, top: 12, bottom: 46 },
    xAxis: {
      type: 'category' as const,
      data: [...options.categories],
      ...axisIn(palette, options.xLabel, 28),
    },
    yAxis: {
      ...axisIn(palette, isLogarithmic ? `${options.yLabel} (log)` : options.yLabel, 48),
      ...(isLogarithmic
        ? {
            type: 'log' as const,
            min: LEAST_SHOWN,
            startValue: LEAST_SHOWN,
            axisLabel: { color: palette.muted, fontSize: 11, formatter: powerOfTen },
          }
        : { type: 'value' as const, minInterval: options.largest === undefined ? 1 : 0 }),
      ...(options.largest !== undefined && { max: options.largest }),
    },
    series: options.series.map((series) => barsOf(series, options, palette, isLogarithmic)),
  }));
}

function barsOf(
  { name, values, color }: BarSeries,
  { isStacked = false }: BarChartOptions,
  palette: Palette,
  isLogarithmic: boolean,
) {
  return {
    type: 'bar' as const,
    name,
    // A logarithm has no zero, so such a bar is left out.
    data: values.map((value) => (isLogarithmic && value === 0 ? '-' : value)),
    itemStyle: { color: palette.series[color] ?? palette.text, borderRadius: isStacked ? 0 : [2, 2, 0, 0] },
    barGap: '8%',
    barCategoryGap: '22%',
    ...(isStacked && { stack: 'all' }),
  };
}

function isWide(series: readonly BarSeries[]): boolean {
  const values = series.flatMap((one) => one.values).filter((value) => value > 0);
  return values.length > 0 && Math.max(...values) / Math.min(...values) >= LOGARITHMIC_FROM;
}

/** Only powers of ten are labelled. */
function powerOfTen(value: number): string {
  return value >= 1 ? value.toLocaleString('en-US') : '';
}
