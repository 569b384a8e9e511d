/** Some editors put it before a file's first record; JSON.parse refuses it. */
const BYTE_ORDER_MARK = '\ufeff';

/** Nothing nested deeper can be part of a record; what lies there is left as it was parsed. */
const MAX_DEPTH = 64;

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/**
 * Parses JSON without losing anything: an integer beyond 2^53 or a number beyond all doubles becomes the text that
 * stood there, since two different ones would come out the same.
 */
export function parseJson(text: string): ParsedJson {
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  try {
    const value: unknown = JSON.parse(json);
    return { ok: true, value: holdsInexactNumber(value) ? parseExactly(json) : value };
  } catch (error) {
    // V8 quotes the text that it stumbled over.
    return { ok: false, reason: `not JSON: ${(error as Error).message.replaceAll(/[\s\p{Cc}]+/gu, ' ')}` };
  }
}

/** Whether a number may not be what stood there: looked for in the value, since few texts have one. */
function holdsInexactNumber(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.some((element) => holdsInexactNumber(element, depth + 1));
  // The quickest way through what JSON.parse made: it has no inherited members.
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
    // The reviver is called recursively, and nesting has no limit; what is nested so deep is no record anyway.
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
