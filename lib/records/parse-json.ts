/** Some editors put it before a file's first record; JSON.parse refuses it. */
const BYTE_ORDER_MARK = '\ufeff';

/** Numbers that a double may not hold: long whole ones in a value's place, and those with large exponents. */
const SUSPICIOUS_NUMBER = /(?:^|[:,[])\s*-?\d{16}|\d[eE]\+?\d{3}/;

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
    return { ok: true, value: SUSPICIOUS_NUMBER.test(json) ? parseExactly(json) : JSON.parse(json) };
  } catch (error) {
    // V8 quotes the text that it stumbled over.
    return { ok: false, reason: `not JSON: ${(error as Error).message.replaceAll(/[\s\p{Cc}]+/gu, ' ')}` };
  }
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
