/** For one reason or name in a text for people; longer ones are cut. */
const MOST_CHARACTERS = 400;

/**
 * Makes a text safe to display in mail, chat or a terminal. Parts of it come from records and lists, and must not be
 * read as markup, as a mention, or as the end of a line or string.
 */
export function plainText(text: string): string {
  const plain = text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/["\\`]/g, "'")
    .replaceAll('<', '(')
    .replaceAll('>', ')')
    .replaceAll('&', '+')
    .replaceAll('@', ' at ')
    .trim();
  return plain.length <= MOST_CHARACTERS ? plain : `${plain.slice(0, MOST_CHARACTERS - 1)}…`;
}
