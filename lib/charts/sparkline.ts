import { type Html, html } from './html.ts';

const WIDTH = 144;
const HEIGHT = 24;
/** Keeps every non-zero value visible. */
const LEAST_HEIGHT = 2;

/**
 * Bars without axes, a line or two of text high: they show when something happened, not how often. They take the text's
 * colour.
 *
 * @param description for readers who cannot see it
 * @param values not negative
 */
export function renderSparkline(description: string, values: readonly number[]): Html {
  const largest = Math.max(1, ...values);
  const width = WIDTH / Math.max(1, values.length);
  const bars = values.map((value, index) => {
    if (value === 0) return null;
    // A square root, so that one busy hour does not hide the others.
    const height = Math.max(LEAST_HEIGHT, Math.sqrt(value / largest) * HEIGHT);
    return html`<rect x="${rounded(index * width)}" y="${rounded(HEIGHT - height)}" width="${rounded(width * 0.8)}" height="${rounded(height)}"/>`;
  });
  return html`<svg class="sparkline" role="img" aria-label="${description}" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"><path d="M0 ${HEIGHT - 0.5}H${WIDTH}" stroke="currentColor" opacity="0.35"/><g fill="currentColor">${bars}</g></svg>`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
