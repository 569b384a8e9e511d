import type { ItemKey } from './keys.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

type VersionedItem = ItemKey & { readonly schema?: number };

/**
 * Reads an item that may be damaged or from another version of the code: an item that is not understood counts as
 * missing and is reported, whatever `read` throws.
 *
 * @returns undefined if the item is not understood
 */
export function readUnderstood<Item extends VersionedItem, Result>(
  { onUnreadable }: Pick<TableAccess, 'onUnreadable'>,
  item: Item,
  read: (item: Item) => Result,
): Result | undefined {
  const { pk, sk, schema } = item;
  if (schema !== SCHEMA_VERSION) {
    onUnreadable?.({ pk, sk }, `it is of schema ${schema}, not ${SCHEMA_VERSION}`);
    return undefined;
  }
  try {
    return read(item);
  } catch (error) {
    onUnreadable?.({ pk, sk }, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
