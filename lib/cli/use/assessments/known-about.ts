import type { AllowEntry } from '../../../intelligence/allowlist/allow-entry.ts';
import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import { type Label, readLabelsOf } from '../../../store/labels.ts';
import type { TableAccess } from '../../../store/table-access.ts';

/** What people have said about an address. */
export interface KnownAbout {
  /** Newest first. */
  readonly labels: readonly Label[];
  /** Entries of the allowlist that cover it now. */
  readonly allowed: readonly AllowEntry[];
}

/** @param address in canonical form */
export async function knownAbout(table: TableAccess, address: string, nowMs: number): Promise<KnownAbout> {
  const [labels, entries] = await Promise.all([
    Array.fromAsync(readLabelsOf(table, address)),
    readAllowlist(table),
  ]);
  return { labels, allowed: new Allowlist(entries).covering(address, nowMs) };
}
