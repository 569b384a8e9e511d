import type { Allowlist } from '../intelligence/allowlist/allowlist.ts';
import { type Finding, MOST_FINDING_SERVICES } from '../store/finding.ts';

/**
 * Whether the allowlist now covers all of a finding, whatever it covered at scoring time: readers leave such a finding
 * out. A finding with the maximum number of services may concern others too, so only an entry for all ports covers it.
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
