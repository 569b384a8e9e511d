import type { Attribute, WireItem } from '../audit/stored-form.ts';

export interface UpdateExpression {
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues: Readonly<Record<string, Attribute>>;
}

/** `SET a = :a, b = :b ADD c :c DELETE d :d`, each clause at most once. */
const CLAUSES = /^SET (.*?)(?: ADD (#?\w+) (:\w+))?(?: DELETE (#?\w+) (:\w+))?$/;
const ASSIGNMENT = /^(#?\w+) = (:\w+)$/;

/**
 * Applies an update to an item: sets attributes, and adds to or deletes from sets of numbers.
 *
 * @returns undefined for an unsupported expression
 */
export function updatedItem(item: WireItem, input: UpdateExpression): WireItem | undefined {
  const [, assignments = '', addTo, added, deleteFrom, deleted] = CLAUSES.exec(input.UpdateExpression) ?? [];
  const nameOf = (name: string) => input.ExpressionAttributeNames?.[name] ?? name;
  const valueNamed = (value = '') => input.ExpressionAttributeValues[value];
  const updated: Record<string, Attribute> = { ...item };
  if (assignments === '' || input.ConditionExpression !== undefined) return undefined;
  for (const assignment of assignments.split(', ')) {
    const [, name, value] = ASSIGNMENT.exec(assignment) ?? [];
    const assigned = valueNamed(value);
    if (name === undefined || assigned === undefined) return undefined;
    updated[nameOf(name)] = assigned;
  }
  if (addTo !== undefined) {
    const name = nameOf(addTo);
    updated[name] = { NS: [...new Set([...numbersOf(updated[name]), ...numbersOf(valueNamed(added))])] };
  }
  if (deleteFrom !== undefined) {
    const name = nameOf(deleteFrom);
    const gone = new Set(numbersOf(valueNamed(deleted)));
    const left = numbersOf(updated[name]).filter((number) => !gone.has(number));
    // DynamoDB has no empty sets.
    if (left.length > 0) updated[name] = { NS: left };
    else delete updated[name];
  }
  return updated;
}

function numbersOf(attribute: Attribute | undefined): readonly string[] {
  return attribute !== undefined && 'NS' in attribute ? attribute.NS : [];
}
