/** A condition of a policy. */
export type LeadingKeys = Record<string, Record<string, unknown>>;

/**
 * Limits a permission on the table to items whose partition keys begin with one of these prefixes. "For all values"
 * also holds if there are no values, hence the second condition.
 */
export function leadingKeys(...prefixes: readonly string[]): LeadingKeys {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
