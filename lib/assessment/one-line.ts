const MAX_CHARACTERS = 200;

/** Writes what was thrown, with the name of an error, as one line. */
export function oneLine(thrown: unknown): string {
  return lineOf(() => (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)));
}

/** Writes the message of what was thrown as one line. */
export function messageLine(thrown: unknown): string {
  return lineOf(() => (thrown instanceof Error ? thrown.message : String(thrown)));
}

/** Whatever was thrown: a value can throw again when it is turned into text. */
function lineOf(describe: () => string): string {
  try {
    return describe()
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .slice(0, MAX_CHARACTERS);
  } catch {
    return 'something that cannot be described';
  }
}
