import { type Html, html } from './html.ts';

/** A number and what it counts. */
export type Figure = readonly [value: string, what: string];

/** Numbers in boxes, styled by the page. */
export function renderFigures(figures: readonly Figure[]): Html {
  const items = figures.map(([value, what]) => html`<li><b>${value}</b>${what}</li>`);
  return html`<ul class="figures">${items}</ul>`;
}
