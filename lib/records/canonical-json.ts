/** Deepest nesting allowed in a record. JSON.parse has no limit; recursion needs one. */
const MAX_DEPTH = 16;

/**
 * Copies a JSON value with the keys of its objects in one fixed order and undefined members left out, so that
 * `JSON.stringify` writes equal values as equal text.
 *
 * @param value what `JSON.parse` returns
 * @throws RangeError when nested deeper than 16 levels
 */
export function canonicalValue<Value>(value: Value, depth = 0): Value {
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return value.map((element) => canonicalValue(element, depth + 1)) as Value;
  const source = value as Record<string, unknown>;
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(source).sort()) {
    const member = source[key];
    if (member === undefined) continue;
    const copy = canonicalValue(member, depth + 1);
    // Plain assignment to `__proto__` would set the prototype instead of adding a member.
    if (key === '__proto__') Object.defineProperty(ordered, key, { value: copy, enumerable: true });
    else ordered[key] = copy;
  }
  return ordered as Value;
}

/**
 * Writes JSON with object keys in one fixed order and no white space: equal values give equal text.
 *
 * @throws RangeError when nested deeper than 16 levels
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(canonicalValue(value));
}
