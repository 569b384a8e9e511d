import { html, raw } from 'hono/html';

/**
 * Markup for pages: `html` escapes every text that is put into it, leaves out null, undefined and booleans, and takes
 * arrays apart; `raw` is for what draws itself, such as a chart.
 */
export { html, raw };

/** Markup, as opposed to text: a function that takes it can't be given what was not escaped. */
export type Html = ReturnType<typeof html>;
