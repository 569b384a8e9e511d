import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { axisIn, type ChartSize, drawThemes } from './draw-themes.ts';
import type { Html } from './html.ts';
import type { Palette } from './palette.ts';

use([LineChart, GridComponent, SVGRenderer]);

export interface LineChartSeries {
  readonly name: string;
  readonly points: ReadonlyArray<readonly [x: number, y: number]>;
  /** Index of its colour in the palette. */
  readonly color: number;
  readonly isDashed?: boolean;
  readonly isBold?: boolean;
  /** Marks every point, for curves with few of them. */
  readonly hasMarks?: boolean;
}

export interface LineChartOptions {
  /** For readers who cannot see the chart. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly LineChartSeries[];
  /** A thin diagonal line, for comparison. */
  readonly hasDiagonal?: boolean;
  /** End of both axes, which begin at 0; default 1. */
  readonly largest?: number;
}

/** Nearly square, since both axes show shares. */
const SIZE: ChartSize = { width: 360, height: 330 };

/** A line chart with equal axes. */
export function renderLineChart(options: LineChartOptions): Html {
  const { description, largest = 1, hasDiagonal = false, series } = options;
  return drawThemes(
    description,
    (palette) => ({
      grid: { left: 54, right: 14, top: 12, bottom: 46 },
      xAxis: { ...axisUpTo(largest), ...axisIn(palette, options.xLabel, 28) },
      yAxis: { ...axisUpTo(largest), ...axisIn(palette, options.yLabel, 38) },
      series: [
        ...(hasDiagonal ? [diagonalIn(palette, largest)] : []),
        ...series.map((one) => lineIn(palette, one)),
      ],
    }),
    SIZE,
  );
}

function axisUpTo(largest: number) {
  return { type: 'value' as const, min: 0, max: largest, interval: largest / 5 };
}

function diagonalIn(palette: Palette, largest: number) {
  return {
    type: 'line' as const,
    data: [
      [0, 0],
      [largest, largest],
    ],
    showSymbol: false,
    lineStyle: { color: palette.muted, width: 1, type: 'dotted' as const },
  };
}

function lineIn(palette: Palette, { name, points, color, isDashed, isBold, hasMarks }: LineChartSeries) {
  const drawn = palette.series[color] ?? palette.text;
  return {
    type: 'line' as const,
    name,
    data: points.map(([x, y]) => [round(x), round(y)]),
    showSymbol: hasMarks === true,
    symbolSize: 6,
    itemStyle: { color: drawn },
    lineStyle: {
      color: drawn,
      width: isBold ? 3 : 1.6,
      type: isDashed ? ('dashed' as const) : ('solid' as const),
    },
  };
}

/** A thousandth of an axis is less than a pixel. */
function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
