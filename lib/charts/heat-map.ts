import { HeatmapChart } from 'echarts/charts';
import { GridComponent, VisualMapComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { axisIn, drawThemes } from './draw-themes.ts';
import type { Html } from './html.ts';
import type { Palette } from './palette.ts';

use([HeatmapChart, GridComponent, VisualMapComponent, SVGRenderer]);

export interface HeatMapOptions {
  /** For readers who cannot see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly columns: readonly string[];
  /** From top to bottom. */
  readonly rows: readonly string[];
  /** By row, then by column. */
  readonly counts: readonly (readonly number[])[];
  /** What each cell says, in the same order. */
  readonly labels: readonly (readonly string[])[];
  /** Position of each cell's colour in the palette, in the same order; the more there is, the deeper it is. */
  readonly colors: readonly (readonly number[])[];
}

/** The least and the most that a cell's colour covers the background. */
const FAINTEST = 0.12;
const DEEPEST = 0.5;

/** A table of counts, in colours that say where they are. */
export function renderHeatMap(options: HeatMapOptions): Html {
  const most = Math.max(1, ...options.counts.flat());
  return drawThemes(options.description, (palette) => ({
    grid: { left: 106, right: 10, top: 12, bottom: 46 },
    xAxis: {
      type: 'category' as const,
      data: [...options.columns],
      ...axisIn(palette, options.xLabel, 28),
    },
    yAxis: {
      type: 'category' as const,
      data: options.rows.toReversed(),
      ...axisIn(palette, options.yLabel, 92),
    },
    visualMap: { show: false, min: 0, max: most, inRange: { opacity: [1, 1] } },
    series: [
      {
        type: 'heatmap' as const,
        data: options.counts.flatMap((counts, row) =>
          counts.map((count, column) => cell(options, palette, { row, column, share: count / most })),
        ),
        itemStyle: { borderColor: palette.background, borderWidth: 3 },
      },
    ],
  }));
}

function cell(
  { rows, counts, labels, colors }: HeatMapOptions,
  palette: Palette,
  { row, column, share }: { readonly row: number; readonly column: number; readonly share: number },
) {
  const color = palette.series[colors[row]?.[column] ?? 0] ?? palette.text;
  // A few among many would be invisible in proportion: the root brings them forward.
  const depth = share === 0 ? 0.04 : FAINTEST + (DEEPEST - FAINTEST) * Math.sqrt(share);
  return {
    value: [column, rows.length - 1 - row, counts[row]?.[column] ?? 0],
    itemStyle: { color: blended(color, palette.background, depth) },
    label: {
      show: true,
      formatter: labels[row]?.[column] ?? '',
      color: palette.text,
      fontSize: 13,
      lineHeight: 18,
    },
  };
}

/** One colour laid over another one, both as `#rrggbb`. */
function blended(over: string, under: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [over, under].map((color) => Number.parseInt(color.slice(at, at + 2), 16));
    return Math.round((a ?? 0) * share + (b ?? 0) * (1 - share))
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}
