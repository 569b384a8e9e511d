import { workThrough } from '../../../aws/worker-pool.ts';
import { type Label, readLabelsOf } from '../../../store/labels.ts';
import type { TableAccess } from '../../../store/table-access.ts';

/** Concurrent queries. */
const WORKERS = 8;

export type LabelsByAddress = ReadonlyMap<string, readonly Label[]>;

/**
 * Reads the labels of addresses, in no particular order.
 *
 * @throws {ServiceError}
 */
export async function labelsByAddress(
  table: TableAccess,
  addresses: Iterable<string>,
): Promise<LabelsByAddress> {
  const labels = new Map<string, readonly Label[]>();
  await workThrough(new Set(addresses), WORKERS, async (address) => {
    labels.set(address, await Array.fromAsync(readLabelsOf(table, address)));
  });
  return labels;
}
