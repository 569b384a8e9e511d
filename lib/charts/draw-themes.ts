import { type EChartsCoreOption, init } from 'echarts/core';
import { type Html, html, raw } from './html.ts';
import { PALETTES, type Palette } from './palette.ts';

/** In pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Drawn so wide, a chart's letters stay readable on a telephone and in a column of half a screen. */
const SIZE: ChartSize = { width: 440, height: 260 };

/**
 * A chart as SVG in both themes, of which the page's style shows the reader's. Same options, same text. The modules
 * that draw it are registered by the caller.
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
  // Classes serve hovering and clipping serves animation, of which a picture has neither; both are numbered through the
  // life of the process, so that no two pages would be the same.
  return svg
    .replace(/<(style|defs) ?>[\s\S]*?<\/\1>/g, '')
    .replace(/ (?:class="zr[^"]*"|clip-path="[^"]*")/g, '');
}

/** An axis in the page's colours; what it says of itself stands in the middle beside it. */
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
