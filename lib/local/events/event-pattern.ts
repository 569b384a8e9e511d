/** Whether an event matches. */
export type EventPattern = (event: unknown) => boolean;

/** A pattern with operators that are not supported here. */
export class EventPatternError extends Error {
  override readonly name = 'EventPatternError';
  readonly code = 'event_pattern';
}

/**
 * Parses the part of EventBridge's patterns that compares values: each field lists its allowed values, an array in an
 * event must share an element with the list, and all fields must match. Source: EventBridge User Guide, "Creating
 * Amazon EventBridge event patterns".
 *
 * @throws {EventPatternError} for other comparisons (`prefix`, `anything-but`, and the like)
 */
export function readEventPattern(pattern: Readonly<Record<string, unknown>>): EventPattern {
  const fields = Object.entries(pattern).map(([name, expected]): [string, EventPattern] => [
    name,
    Array.isArray(expected) ? oneOf(name, expected) : readEventPattern(nested(name, expected)),
  ]);
  return (event) =>
    typeof event === 'object' &&
    event !== null &&
    fields.every(([name, matches]) => matches((event as Record<string, unknown>)[name]));
}

function oneOf(name: string, expected: readonly unknown[]): EventPattern {
  if (expected.some((value) => typeof value === 'object' && value !== null)) {
    throw new EventPatternError(`event pattern: a comparison in "${name}" is not known here`);
  }
  const allowed = new Set(expected);
  return (value) => [value].flat().some((each) => allowed.has(each));
}

function nested(name: string, expected: unknown): Readonly<Record<string, unknown>> {
  if (typeof expected === 'object' && expected !== null) return expected as Record<string, unknown>;
  throw new EventPatternError(`event pattern: expected a list or an object in "${name}"`);
}
