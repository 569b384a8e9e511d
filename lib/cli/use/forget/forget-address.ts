import { parseNetwork } from '../../../intelligence/allowlist/allow-target.ts';
import { isInside } from '../../../records/address.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import { eraseAddress } from '../../../store/erase-address.ts';
import { eraseHost } from '../../../store/erase-host.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { Forgotten } from '../../results/forgotten.ts';
import { until } from '../time-range.ts';

export interface ForgetOptions {
  /** The address is a local host, although it is public. */
  readonly inside?: true;
  /** Arrivals from this time on are searched for such a host, epoch milliseconds. */
  readonly since: number;
}

/**
 * Erases what is stored about an address: as a remote address, and as a local host if it is one.
 *
 * @param address in canonical form
 * @param isDryRun only counts and changes nothing
 * @throws {ServiceError}
 */
export async function forgetAddress(
  table: TableAccess,
  address: string,
  { inside, since }: ForgetOptions,
  isDryRun: boolean,
): Promise<Forgotten> {
  const isHost = inside === true || isInside(address);
  const range = until(Date.now(), since);
  const ofHost = isHost ? await eraseHost(table, address, range, { isDryRun }) : {};
  const ofAddress = await eraseAddress(table, address, { isDryRun });
  const entries = (await readAllowlist(table)).filter(({ network }) => network === parseNetwork(address));
  return {
    address,
    isDryRun,
    erased: { ...ofAddress, ...ofHost },
    allowEntries: entries.map(({ id }) => id),
  };
}
