/** Deepest nesting that a record may have; JSON.parse itself has no limit, and recursion needs one. */
const MAX_DEPTH = 16;

/**
 * Writes JSON with object keys sorted and no white space, so that equal values give equal text.
 *
 * @param value what `JSON.parse` returns; undefined properties are left out
 * @throws RangeError when nested deeper than 16 levels
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (depth >= MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    return `[${value.map((element) => canonicalJson(element, depth + 1)).join(',')}]`;
  }
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member, depth + 1)}`);
  }
  return `{${members.join(',')}}`;
}
