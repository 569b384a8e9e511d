const MAX_CHARACTERS = 200;

/** Writes a thrown value as one line, with the name if it is an error. */
export function oneLine(thrown: unknown): string {
  return lineOf(() => (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)));
}

/** Writes the message of a thrown value as one line. */
export function messageLine(thrown: unknown): string {
  return lineOf(() => (thrown instanceof Error ? thrown.message : String(thrown)));
}

/** Handles any thrown value: a value can throw again when it is converted to text. */
function lineOf(describe: () => string): string {
  try {
    return describe()
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .slice(0, MAX_CHARACTERS);
  } catch {
    return 'something that cannot be described';
  }
}
