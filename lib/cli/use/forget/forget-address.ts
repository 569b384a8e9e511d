import { parseNetwork } from '../../../intelligence/allowlist/allow-target.ts';
import { isInside } from '../../../records/address.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import { eraseAddress } from '../../../store/erase-address.ts';
import { eraseHost } from '../../../store/erase-host.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { Forgotten } from '../../results/forgotten.ts';
import { until } from '../time-range.ts';

export interface ForgetOptions {
  /** The address is a host of the site's own, although it is public. */
  readonly inside?: true;
  /** From when on what arrived is looked through for such a host, epoch milliseconds. */
  readonly since: number;
}

/**
 * Erases what is stored of an address: as a remote one, and as a host of the site's own where it is one.
 *
 * @param address in canonical form
 * @param isDryRun counts, and leaves everything as it is
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
