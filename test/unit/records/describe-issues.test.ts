import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeIssues } from '../../../lib/records/describe-issues.ts';

function describeFor(schema: z.ZodType, value: unknown): string {
  const { error } = schema.safeParse(value);
  return describeIssues(error?.issues ?? [], value);
}

describe('describeIssues', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a wrong type', z.object({ a: z.string() }), { a: 1 }, 'a: expected a string, got 1'],
    [
      'a type that begins with a vowel',
      z.object({ a: z.array(z.string()) }),
      { a: 1 },
      'a: expected an array, got 1',
    ],
    ['a fraction', z.object({ a: z.int() }), { a: 1.5 }, 'a: expected a whole number, got 1.5'],
    ['too small', z.object({ a: z.number().min(1) }), { a: 0 }, 'a: expected at least 1, got 0'],
    ['too large', z.object({ a: z.number().max(1) }), { a: 2 }, 'a: expected at most 1, got 2'],
    [
      'too short',
      z.object({ a: z.string().min(3) }),
      { a: 'x' },
      'a: expected at least 3 characters, got "x"',
    ],
    [
      'too long',
      z.object({ a: z.string().max(1) }),
      { a: 'xy' },
      'a: expected at most 1 characters, got "xy"',
    ],
    [
      'an unknown key',
      z.strictObject({ a: z.string() }),
      { a: '', b: 1 },
      'record: unknown b, got an object',
    ],
    ['another value', z.object({ a: z.enum(['x', 'y']) }), { a: 'z' }, 'a: expected x or y, got "z"'],
    [
      'a place deep inside',
      z.object({ a: z.array(z.object({ b: z.string() })) }),
      { a: [{ b: 1 }] },
      'a.0.b: expected a string, got 1',
    ],
    ['nothing at all', z.object({}), null, 'record: expected an object, got null'],
    [
      'a null inside',
      z.object({ a: z.object({ b: z.string() }) }),
      { a: null },
      'a: expected an object, got null',
    ],
  ])('describes %s', (_, schema, value, expected) => {
    expect(describeFor(schema, value)).toBe(expected);
  });

  it('quotes forty characters of a longer text', () => {
    const description = describeFor(z.object({ a: z.number() }), { a: 'x'.repeat(41) });

    expect(description).toBe(`a: expected a number, got "${'x'.repeat(40)}"...`);
  });

  it('lists three fields and counts the rest', () => {
    const schema = z.object({ a: z.string(), b: z.string(), c: z.string(), d: z.string() });

    expect(describeFor(schema, {})).toBe('a: missing; b: missing; c: missing; and 1 more');
  });

  it('escapes what would break the line', () => {
    const description = describeFor(z.object({ a: z.number() }), { a: 'x\n\u001b[31m' });

    expect(description).toBe('a: expected a number, got "x\\n\\u001b[31m"');
  });
});
