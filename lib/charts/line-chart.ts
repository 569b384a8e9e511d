import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escapeHtml } from './escape-html.ts';
import { PALETTES, type Theme } from './palette.ts';

use([LineChart, GridComponent, SVGRenderer]);

export interface LineChartSeries {
  readonly name: string;
  readonly points: ReadonlyArray<readonly [x: number, y: number]>;
  /** Position of its colour in the palette. */
  readonly color: number;
  readonly isDashed?: boolean;
  readonly isBold?: boolean;
  /** Marks every point, for curves of few. */
  readonly hasMarks?: boolean;
}

export interface LineChartOptions {
  /** For readers who cannot see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly LineChartSeries[];
  /** A thin line from corner to corner, for comparison. */
  readonly hasDiagonal?: boolean;
  /** Both axes go from 0 to this; default 1. */
  readonly largest?: number;
}

const WIDTH = 360;
const HEIGHT = 330;

/** A chart as SVG in both themes, of which the page's style shows the reader's. Same options, same text. */
export function renderLineChart(options: LineChartOptions): string {
  const drawings = (['light', 'dark'] as const).map(
    (theme) => `<div class="only-${theme}">${drawChart(options, theme)}</div>`,
  );
  return `<div class="chart" role="img" aria-label="${escapeHtml(options.description)}">${drawings.join('')}</div>`;
}

function drawChart(options: LineChartOptions, theme: Theme): string {
  const palette = PALETTES[theme];
  const largest = options.largest ?? 1;
  const axis = (name: string, gap: number) => ({
    type: 'value' as const,
    min: 0,
    max: largest,
    interval: largest / 5,
    name,
    nameLocation: 'middle' as const,
    nameGap: gap,
    nameTextStyle: { color: palette.text, fontSize: 12 },
    axisLabel: { color: palette.muted, fontSize: 11 },
    axisLine: { show: true, lineStyle: { color: palette.muted } },
    splitLine: { lineStyle: { color: palette.grid } },
  });
  const diagonal = {
    type: 'line' as const,
    data: [
      [0, 0],
      [largest, largest],
    ],
    showSymbol: false,
    lineStyle: { color: palette.muted, width: 1, type: 'dotted' as const },
  };
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: 54, right: 14, top: 12, bottom: 46 },
    xAxis: axis(options.xLabel, 28),
    yAxis: axis(options.yLabel, 38),
    series: [
      ...(options.hasDiagonal ? [diagonal] : []),
      ...options.series.map((series) => ({
        type: 'line' as const,
        name: series.name,
        data: series.points.map(([x, y]) => [round(x), round(y)]),
        showSymbol: series.hasMarks === true,
        symbolSize: 6,
        itemStyle: { color: palette.series[series.color] ?? palette.text },
        lineStyle: {
          color: palette.series[series.color] ?? palette.text,
          width: series.isBold ? 3 : 1.6,
          type: series.isDashed ? ('dashed' as const) : ('solid' as const),
        },
      })),
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Classes serve hovering and clipping serves animation, of which a picture has neither; both are numbered through the
  // life of the process, so that no two pages would be the same.
  return svg
    .replace(/<(style|defs) ?>[\s\S]*?<\/\1>/g, '')
    .replace(/ (?:class="zr[^"]*"|clip-path="[^"]*")/g, '');
}

/** A thousandth of an axis is less than a pixel. */
function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
