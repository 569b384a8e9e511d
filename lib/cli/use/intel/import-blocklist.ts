import { packAddresses } from '../../../intelligence/lists/blocklist-set.ts';
import { grouped } from '../../../statistics/count-text.ts';
import { replaceBlocklist } from '../../../store/blocklist-store.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import { CliError } from '../../cli-error.ts';
import type { ImportFigures, SkippedLine } from '../../results/blocklists.ts';
import type { Input } from '../input/open-input.ts';
import type { Progress } from '../progress.ts';
import { MOST_ADDRESSES, readBlocklist } from './read-blocklist.ts';

export interface ImportOptions {
  readonly source: string;
  /** Days. */
  readonly ttl: number;
  /** Of how many lists the blocklist was made. */
  readonly lists?: number;
}

export interface ImportResult {
  readonly figures: ImportFigures;
  readonly skipped: readonly SkippedLine[];
}

const DAY_MS = 86_400_000;
/** An address's number of lists is stored in one byte. */
export const MAX_LISTS = 255;

/**
 * Loads a blocklist into the table, in place of what its source had before.
 *
 * @throws {CliError} where it holds no addresses, or too many
 */
export async function importBlocklist(
  table: TableAccess,
  input: Input,
  options: ImportOptions,
  progress: Progress,
): Promise<ImportResult> {
  progress.step('reading');
  const read = await readBlocklist(input.chunks, (lines) => progress.update(lines));
  if (read.isTooLarge) {
    throw new CliError(
      `${input.name} holds more than ${grouped(MOST_ADDRESSES)} addresses, the most that a set may`,
    );
  }
  const { listed, mostLists, skipped } = read;
  if (listed.length === 0) throw new CliError(`${input.name} holds no addresses: expected one a line`);
  const chunks = packAddresses(listed);
  progress.step('storing', chunks.length);
  const nowMs = Date.now();
  const entry = {
    source: options.source,
    version: nowMs.toString(36),
    lists: Math.min(MAX_LISTS, Math.max(options.lists ?? 1, mostLists)),
    addresses: listed.length,
    chunks: chunks.length,
    importedAtMs: nowMs,
    expiresAtMs: nowMs + options.ttl * DAY_MS,
  };
  const replaced = await replaceBlocklist(table, entry, chunks, (done) => progress.update(done));
  const figures = {
    source: entry.source,
    addresses: entry.addresses,
    lists: entry.lists,
    skipped: skipped.length,
    replaced: replaced?.addresses ?? 0,
    expires_at: new Date(entry.expiresAtMs).toISOString(),
  };
  return { figures, skipped };
}
