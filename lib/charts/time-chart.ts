import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { axisIn, drawThemes } from './draw-themes.ts';
import type { Html } from './html.ts';

use([LineChart, GridComponent, SVGRenderer]);

export interface TimeChartOptions {
  /** For readers who cannot see the chart. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Labels of the time steps. */
  readonly steps: readonly string[];
  /** Shares from 0 to 1, one per step; null leaves a gap in the line. */
  readonly shares: readonly (number | null)[];
  /** Index of its colour in the palette; 0 by default. */
  readonly color?: number;
}

/** A chart of a share over time, in percent. */
export function renderTimeChart({
  description,
  xLabel,
  yLabel,
  steps,
  shares,
  color = 0,
}: TimeChartOptions): Html {
  return drawThemes(description, (palette) => ({
    grid: { left: 62, right: 14, top: 12, bottom: 46 },
    xAxis: {
      type: 'category' as const,
      data: [...steps],
      boundaryGap: false,
      ...axisIn(palette, xLabel, 28),
    },
    yAxis: { type: 'value' as const, min: 0, max: 100, interval: 20, ...axisIn(palette, yLabel, 48) },
    series: [
      {
        type: 'line' as const,
        data: shares.map((share) => (share === null ? '-' : Math.round(share * 1_000) / 10)),
        showSymbol: true,
        symbol: 'circle',
        symbolSize: 4,
        itemStyle: { color: palette.series[color] ?? palette.text },
        lineStyle: { color: palette.series[color] ?? palette.text, width: 2 },
        areaStyle: { color: palette.series[color] ?? palette.text, opacity: 0.12 },
      },
    ],
  }));
}
