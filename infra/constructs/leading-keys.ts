/** A condition of a policy. */
export type LeadingKeys = Record<string, Record<string, unknown>>;

/**
 * Limits a permission on the table to items whose partition key begins so. "For all values" holds where there is none
 * as well, hence the second condition.
 */
export function leadingKeys(prefix: string): LeadingKeys {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}*`] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
