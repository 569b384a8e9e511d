import { listBlocklists } from '../../../store/blocklist-store.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { OfflineSet } from '../../results/blocklists.ts';

/** Reads which offline sets have not expired. */
export async function blocklistsInUse(table: TableAccess): Promise<OfflineSet[]> {
  const sets = await listBlocklists(table, Date.now());
  return sets.map(({ source, addresses, ranges, lists, importedAtMs, expiresAtMs }) => ({
    source,
    addresses,
    ranges,
    lists,
    imported_at: new Date(importedAtMs).toISOString(),
    expires_at: new Date(expiresAtMs).toISOString(),
  }));
}
