/** Some editors write it at the start of a file; JSON.parse rejects it. */
const BYTE_ORDER_MARK = '\ufeff';

/** Nothing nested deeper can be part of a record; deeper values stay as parsed. */
const MAX_DEPTH = 64;

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/**
 * Parses JSON without losing precision: an integer beyond 2^53 or a number beyond a double's range becomes its original
 * text, since two different ones would become equal.
 */
export function parseJson(text: string): ParsedJson {
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  try {
    const value: unknown = JSON.parse(json);
    return { ok: true, value: holdsInexactNumber(value) ? parseExactly(json) : value };
  } catch (error) {
    // V8's message quotes the text at the error.
    return { ok: false, reason: `not JSON: ${(error as Error).message.replaceAll(/[\s\p{Cc}]+/gu, ' ')}` };
  }
}

/** Whether a number may have lost precision. Checked on the parsed value, since few texts hold one. */
function holdsInexactNumber(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.some((element) => holdsInexactNumber(element, depth + 1));
  // `for...in` is fastest here, and JSON.parse creates no inherited members.
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member !== 'string' && holdsInexactNumber(member, depth + 1)) return true;
  }
  return false;
}

function parseExactly(json: string): unknown {
  try {
    return JSON.parse(json, keepExactly);
  } catch (error) {
    // The reviver is called recursively and may overflow the stack; JSON nested that deep is not a record anyway.
    if (error instanceof RangeError) return JSON.parse(json);
    throw error;
  }
}

function keepExactly(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  const isWholeNumber = !/[.eE]/.test(context.source);
  const isExact = isWholeNumber ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isExact ? value : context.source;
}
