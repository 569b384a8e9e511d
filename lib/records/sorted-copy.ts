/** Number of field orders kept; a log has a handful. */
const MAX_ORDERS = 16;

type SortedCopy = <Value extends object>(value: Value) => Value;

/**
 * A faster `canonicalValue` for plain records: thousands in a row have the same fields in the same order, so sorting
 * once is enough. Nested values are copied in the same way.
 */
export function createSortedCopy(): SortedCopy {
  const orders: Order[] = [];
  const copyNested = new Map<string, SortedCopy>();
  const copyOf = (key: string, value: object) => {
    const copy = copyNested.get(key) ?? createSortedCopy();
    copyNested.set(key, copy);
    return copy(value);
  };
  return (value) => {
    const keys = Object.keys(value);
    let order = orders.find(({ given }) => isSame(given, keys));
    if (order === undefined) {
      order = { given: keys, sorted: keys.toSorted() };
      orders.unshift(order);
      orders.splice(MAX_ORDERS);
    }
    const copy: Record<string, unknown> = {};
    for (const key of order.sorted) {
      const member = (value as Record<string, unknown>)[key];
      copy[key] = typeof member === 'object' && member !== null ? copyOf(key, member) : member;
    }
    return copy as typeof value;
  };
}

interface Order {
  readonly given: readonly string[];
  readonly sorted: readonly string[];
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}
