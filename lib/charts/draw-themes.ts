import { type EChartsCoreOption, init } from 'echarts/core';
import { type Html, html, raw } from './html.ts';
import { PALETTES, type Palette } from './palette.ts';

/** In pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** At this width, a chart's text stays readable on a phone and in a column of half a screen. */
const SIZE: ChartSize = { width: 440, height: 260 };

/**
 * Draws a chart as SVG in both themes; the page's style shows the one that matches the reader's. The same options
 * always give the same text. Callers register the ECharts modules they need.
 *
 * @param description for readers who cannot see it
 */
export function drawThemes(
  description: string,
  optionsIn: (palette: Palette) => EChartsCoreOption,
  size = SIZE,
): Html {
  const drawings = (['light', 'dark'] as const).map(
    (theme) => html`<div class="only-${theme}">${raw(draw(optionsIn(PALETTES[theme]), size))}</div>`,
  );
  return html`<div class="chart" role="img" aria-label="${description}">${drawings}</div>`;
}

function draw(options: EChartsCoreOption, size: ChartSize): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption({
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    ...options,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Classes are for hovering and clip paths for animation, which a picture does not need. ECharts numbers both per
  // process, so pages would differ from run to run.
  return svg
    .replace(/<(style|defs) ?>[\s\S]*?<\/\1>/g, '')
    .replace(/ (?:class="zr[^"]*"|clip-path="[^"]*")/g, '');
}

/** An axis in the page's colours, with its name centred next to it. */
export function axisIn(palette: Palette, name: string, gap: number) {
  return {
    name,
    nameLocation: 'middle' as const,
    nameGap: gap,
    nameTextStyle: { color: palette.text, fontSize: 12 },
    axisLabel: { color: palette.muted, fontSize: 11, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: palette.muted } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: palette.grid } },
  };
}
