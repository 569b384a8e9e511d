import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import { readLabelsOf } from '../../../store/labels.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { KnownAbout } from '../../results/known-about.ts';

/** @param address in canonical form */
export async function knownAbout(table: TableAccess, address: string, nowMs: number): Promise<KnownAbout> {
  const [labels, entries] = await Promise.all([
    Array.fromAsync(readLabelsOf(table, address)),
    readAllowlist(table),
  ]);
  return { labels, allowed: new Allowlist(entries).covering(address, nowMs) };
}
