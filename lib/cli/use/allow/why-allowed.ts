import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import { readAssessmentsOf } from '../../../store/read-assessments.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { WhyAllowed } from '../../results/allowlist.ts';
import { take } from '../take.ts';

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
