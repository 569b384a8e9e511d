/** Longest name of a list, in characters. */
const LONGEST_LIST_NAME = 40;

/**
 * Names of lists and list families, such as `Spamhaus DROP`. Semicolons separate several names in a column, `#`
 * separates parts of a key.
 */
const LIST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,38}[A-Za-z0-9._-])?$/;

export function isListName(text: unknown): text is string {
  return typeof text === 'string' && LIST_NAME.test(text);
}

export const LIST_NAME_RULE = `expected up to ${LONGEST_LIST_NAME} letters, digits, spaces, dots, dashes and underscores`;
