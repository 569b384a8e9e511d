import { type Html, html, raw } from './html.ts';
import { PALETTES, type Theme } from './palette.ts';

/**
 * A complete HTML page: it needs no script, network or other file, and follows the reader's light or dark theme.
 *
 * @param style the page's styles in addition to the common ones
 */
export function renderPage(title: string, body: Html, style = ''): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(STYLE + style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
  return page.toString();
}

/**
 * A legend: names next to samples of their colours.
 *
 * @param colors their indices in the palette; in palette order by default
 */
export function renderLegend(
  names: readonly string[],
  colors: readonly number[] = names.map((_, i) => i),
): Html {
  const entries = names.map(
    (name, i) => html`<li><span class="swatch series-${colors[i]}"></span>${name}</li>`,
  );
  return html`<ul class="legend">${entries}</ul>`;
}

function variables(theme: Theme): string {
  const { background, text, muted, grid, series } = PALETTES[theme];
  const colors = series.map((color, i) => `--series-${i}:${color}`).join(';');
  return `--background:${background};--text:${text};--muted:${muted};--grid:${grid};${colors}`;
}

const STYLE = `
:root{${variables('light')}}
.only-dark{display:none}
@media (prefers-color-scheme:dark){:root{${variables('dark')}}.only-dark{display:block}.only-light{display:none}}
body{margin:0;background:var(--background);color:var(--text);font:15px/1.5 system-ui,sans-serif}
main{max-width:1140px;margin:0 auto;padding:24px 20px 60px}
h1{font-size:24px;margin:0 0 4px}h2{font-size:19px;margin:40px 0 4px;overflow-wrap:anywhere}h3{font-size:14px;margin:0 0 2px;font-weight:600}
p{margin:4px 0 12px;color:var(--muted);max-width:75ch}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:20px;margin:16px 0}
figure{margin:0;min-width:0}.chart svg{width:100%;height:auto;display:block}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:12px 0}
.swatch{display:inline-block;width:18px;height:4px;border-radius:2px;margin-right:6px;vertical-align:middle}
${PALETTES.light.series.map((_, i) => `.series-${i}{background:var(--series-${i})}`).join('')}
.table{overflow-x:auto}table{border-collapse:collapse;margin:8px 0;font-variant-numeric:tabular-nums}
th,td{padding:5px 12px 5px 0;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}
th:first-child,td:first-child{text-align:left}th{font-weight:600}td small{display:block;color:var(--muted);font-size:12px}
`;
