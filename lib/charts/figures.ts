import { type Html, html } from './html.ts';

/** A number that stands for itself, and what it counts. */
export type Figure = readonly [value: string, what: string];

/** Numbers in boxes; the page's style says how they look. */
export function renderFigures(figures: readonly Figure[]): Html {
  const items = figures.map(([value, what]) => html`<li><b>${value}</b>${what}</li>`);
  return html`<ul class="figures">${items}</ul>`;
}
