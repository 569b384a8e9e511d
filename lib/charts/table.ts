import { type Html, html } from './html.ts';

/**
 * A table that scrolls horizontally on narrow screens.
 *
 * @param kind a class in the page's style
 * @param rows one `<tr>` each
 */
export function renderTable(kind: string, heading: readonly string[], rows: readonly Html[]): Html {
  const cells = heading.map((text) => html`<th scope="col">${text}</th>`);
  return html`<div class="table"><table class="${kind}"><thead><tr>${cells}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
