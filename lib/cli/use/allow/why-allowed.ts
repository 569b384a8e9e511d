import type { AllowEntry } from '../../../intelligence/allowlist/allow-entry.ts';
import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAssessmentsOf } from '../../../store/read-assessments.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import { take } from '../take.ts';

/** What is known of an address's being allowed. */
export interface WhyAllowed {
  readonly address: string;
  /** Entries in force that cover it, those of the smallest networks first. */
  readonly entries: readonly AllowEntry[];
  /** Entries that covered it until they expired. */
  readonly expired: readonly AllowEntry[];
  /** Its latest assessment: what it would count for if nothing allowed it. */
  readonly latest: ReadAssessment | undefined;
}

/** @param address in canonical form */
export async function whyAllowed(table: TableAccess, address: string, nowMs: number): Promise<WhyAllowed> {
  const all = await readAllowlist(table);
  const entries = new Allowlist(all).covering(address, nowMs);
  const ever = new Allowlist(all.map(({ expiresAtMs: _, ...entry }) => entry)).covering(address, nowMs);
  const inForce = new Set(entries.map(({ id }) => id));
  const expiredIds = new Set(ever.map(({ id }) => id).filter((id) => !inForce.has(id)));
  const [latest] = await Array.fromAsync(take(readAssessmentsOf(table, address, nowMs), 1));
  return { address, entries, expired: all.filter(({ id }) => expiredIds.has(id)), latest };
}
