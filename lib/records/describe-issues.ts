import type * as z from 'zod';

/** Beyond this number, wrong fields in a record are counted, not listed. */
const LISTED = 3;
/** Longer values are truncated when quoted. */
const QUOTED_CHARACTERS = 40;

/** Turns zod's issues into one line for the sender: `dst_port: expected at most 65535, got 70000; src_ip: missing`. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], value: unknown): string {
  const fields = [...new Map(issues.map((issue) => [issue.path.join('.'), issue])).values()];
  const lines = fields.slice(0, LISTED).map((issue) => describe(issue, value));
  if (fields.length > LISTED) lines.push(`and ${fields.length - LISTED} more`);
  return lines.join('; ');
}

/** One line that lists missing fields: `src_ip: missing; dst_ip: missing`. */
export function describeAbsence(fields: readonly string[]): string {
  const lines = fields.slice(0, LISTED).map((field) => `${field}: missing`);
  if (fields.length > LISTED) lines.push(`and ${fields.length - LISTED} more`);
  return lines.join('; ');
}

/** One line for an object with none of a connection's fields. */
export function describeStranger(value: object): string {
  const names = Object.keys(value);
  const more = names.length > LISTED ? ', ...' : '';
  return `record: none of a connection's fields, but ${names.slice(0, LISTED).join(', ') || 'none at all'}${more}`;
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  const where = issue.path.length === 0 ? 'record' : issue.path.join('.');
  const received = valueAt(value, issue.path);
  if (received === undefined && issue.path.length > 0) return `${where}: missing`;
  return `${where}: ${expectation(issue)}, got ${quote(received)}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected === 'int' ? 'a whole number' : withArticle(issue.expected)}`;
    case 'too_small':
      return `expected at least ${issue.minimum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'too_big':
      return `expected at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'unrecognized_keys':
      return `unknown ${issue.keys.join(', ')}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    case 'invalid_union':
      return 'expected a string or a whole number';
    default:
      return issue.message;
  }
}

function withArticle(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (current === null || typeof current !== 'object') return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}

/** Formats a value for a message: text and numbers in short, nested values by their type. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  return value.length <= QUOTED_CHARACTERS
    ? JSON.stringify(value)
    : `${JSON.stringify(value.slice(0, QUOTED_CHARACTERS))}...`;
}
