import { type EChartsCoreOption, init } from 'echarts/core';
import { escapeHtml } from './escape-html.ts';
import { PALETTES, type Palette } from './palette.ts';

/** Drawn so wide, a chart's letters stay readable on a telephone and in a column of half a screen. */
const WIDTH = 440;
const HEIGHT = 260;

/**
 * A chart as SVG in both themes, of which the page's style shows the reader's. Same options, same text. The modules
 * that draw it are registered by the caller.
 *
 * @param description for readers who cannot see it
 */
export function drawThemes(
  description: string,
  optionsIn: (palette: Palette) => EChartsCoreOption,
  height = HEIGHT,
): string {
  const drawings = (['light', 'dark'] as const).map(
    (theme) => `<div class="only-${theme}">${draw(optionsIn(PALETTES[theme]), height)}</div>`,
  );
  return `<div class="chart" role="img" aria-label="${escapeHtml(description)}">${drawings.join('')}</div>`;
}

function draw(options: EChartsCoreOption, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
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
