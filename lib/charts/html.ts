import { html, raw } from 'hono/html';

/**
 * Markup for pages: `html` escapes every interpolated text, omits null, undefined and booleans, and joins arrays; `raw`
 * is for markup from elsewhere, such as a chart.
 */
export { html, raw };

/** Escaped markup, as a type distinct from text, so that unescaped text cannot be passed. */
export type Html = ReturnType<typeof html>;
