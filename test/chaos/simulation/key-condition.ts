import { type Attribute, plain } from '../audit/stored-form.ts';

/** A parsed key condition: a partition and a condition on the sort key. */
export interface KeyCondition {
  readonly partitionKey: string;
  readonly partition: string;
  readonly matches: (sortKey: unknown) => boolean;
}

type Value = string | number;

const EQUALITY = /^(#?\w+) = (:\w+)$/;
const COMPARISON = /^#?\w+ (=|<|<=|>|>=) (:\w+)$/;
const RANGE = /^#?\w+ BETWEEN (:\w+) AND (:\w+)$/i;
const PREFIX = /^begins_with\(\s*#?\w+\s*,\s*(:\w+)\s*\)$/i;

/** @throws RangeError for an unsupported expression */
export function parseKeyCondition(input: {
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeValues: Readonly<Record<string, Attribute>>;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
}): KeyCondition {
  const [first = '', second] = input.KeyConditionExpression.split(/ AND (.*)/s).map((part) => part.trim());
  const [, name = '', value = ''] = EQUALITY.exec(first) ?? [];
  const valueNamed = (placeholder = '') => plain(input.ExpressionAttributeValues[placeholder]) as Value;
  if (name === '')
    throw new RangeError(`a key condition that is not understood: ${input.KeyConditionExpression}`);
  return {
    partitionKey: input.ExpressionAttributeNames?.[name] ?? name,
    partition: String(valueNamed(value)),
    matches: second === undefined || second === '' ? () => true : sortCondition(second, valueNamed),
  };
}

function sortCondition(
  text: string,
  valueNamed: (placeholder?: string) => Value,
): (sortKey: unknown) => boolean {
  const range = RANGE.exec(text);
  if (range !== null) {
    const [from, to] = [valueNamed(range[1]), valueNamed(range[2])];
    return (key) => (key as Value) >= from && (key as Value) <= to;
  }
  const prefix = PREFIX.exec(text);
  if (prefix !== null) {
    const start = String(valueNamed(prefix[1]));
    return (key) => String(key).startsWith(start);
  }
  const [, operator = '', placeholder] = COMPARISON.exec(text) ?? [];
  const compare = COMPARISONS[operator];
  if (compare === undefined) throw new RangeError(`a sort condition that is not understood: ${text}`);
  const bound = valueNamed(placeholder);
  return (key) => compare(key as Value, bound);
}

const COMPARISONS: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
