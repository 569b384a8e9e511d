import type { Allowlist } from '../intelligence/allowlist/allowlist.ts';
import { type Finding, MOST_FINDING_SERVICES } from '../store/finding.ts';

/**
 * Whether the allowlist covers all of a finding now, whatever it covered when that was scored: readers leave such a finding
 * out. One that names as many services as it may can concern others, so that only an entry for all ports covers it.
 */
export function isFindingAllowed(
  allowlist: Allowlist,
  { address, direction, services }: Pick<Finding, 'address' | 'direction' | 'services'>,
  nowMs: number,
): boolean {
  if (allowlist.entryFor({ address, direction }, nowMs) !== undefined) return true;
  if (services.length === 0 || services.length >= MOST_FINDING_SERVICES) return false;
  return services.every(
    ({ port }) => allowlist.entryFor({ address, direction, dst_port: port }, nowMs) !== undefined,
  );
}
