import type { AllowEntry } from '../../../intelligence/allowlist/allow-entry.ts';
import { parseNetwork } from '../../../intelligence/allowlist/allow-target.ts';
import { readAllowlist, removeAllowEntry } from '../../../store/allowlist-store.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import { CliError } from '../../cli-error.ts';

/**
 * Finds the entry that a user means.
 *
 * @param text an entry's id, or a network that has exactly one entry
 * @throws {CliError} if none matches, or several do
 */
export async function findAllowEntry(table: TableAccess, text: string): Promise<AllowEntry> {
  const entries = await readAllowlist(table);
  const network = parseNetwork(text);
  const found = entries.filter((entry) => entry.id === text || entry.network === network);
  const [entry] = found;
  if (entry === undefined) throw new CliError(`the allowlist has no entry ${text}: see \`allow list\``);
  if (found.length > 1) {
    throw new CliError(
      `several entries are for ${text}: name one by its id, ${found.map(({ id }) => id).join(' or ')}`,
      2,
    );
  }
  return entry;
}

/** @throws {CliError} if it is already gone */
export async function removeFoundEntry(table: TableAccess, entry: AllowEntry): Promise<void> {
  if ((await removeAllowEntry(table, entry.id)) === undefined) {
    throw new CliError(`entry ${entry.id} was removed by someone else`);
  }
}
