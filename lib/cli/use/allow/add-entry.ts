import { userInfo } from 'node:os';
import {
  type AllowDirection,
  type AllowEntry,
  LONGEST_OWNER,
  LONGEST_REASON,
  MOST_ENTRIES,
} from '../../../intelligence/allowlist/allow-entry.ts';
import { allowEntryId, isBroad, parseNetwork } from '../../../intelligence/allowlist/allow-target.ts';
import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { putAllowEntry, readAllowlist } from '../../../store/allowlist-store.ts';
import { type Label, readLabels } from '../../../store/labels.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import { CliError } from '../../cli-error.ts';
import type { AddedEntry } from '../../results/allowlist.ts';
import { until } from '../time-range.ts';

export interface AddAllowOptions {
  readonly reason: string;
  readonly owner?: string;
  readonly port?: number;
  readonly direction?: AllowDirection;
  /** Epoch milliseconds. */
  readonly expires?: number;
  /** Accepts a block although it is probably a mistake. */
  readonly force?: true;
}

/** How far back labels are searched: the default retention of assessments. */
const LABELS_MS = 90 * 86_400_000;
const MOST_CONTRADICTIONS = 20;

/**
 * Adds an entry to the allowlist.
 *
 * @throws {CliError} if the text is not a network, the network is so large that it is probably a mistake, or the list
 * is full
 */
export async function addAllowEntry(
  table: TableAccess,
  text: string,
  options: AddAllowOptions,
  nowMs: number,
): Promise<AddedEntry> {
  const entry = entryFrom(text, options, nowMs);
  const known = await readAllowlist(table);
  if (known.length >= MOST_ENTRIES && !known.some(({ id }) => id === entry.id)) {
    throw new CliError(
      `the allowlist is full (${MOST_ENTRIES} entries): remove some, or allow networks instead of addresses`,
    );
  }
  const replaced = await putAllowEntry(table, entry);
  return { entry, replaced, contradicting: await contradictingLabels(table, entry, nowMs) };
}

function entryFrom(text: string, options: AddAllowOptions, nowMs: number): AllowEntry {
  const network = parseNetwork(text);
  if (network === undefined) throw new CliError(`"${text}" is neither an IP address nor a CIDR block`, 2);
  if (isBroad(network) && options.force !== true) {
    throw new CliError(
      `${network} covers a large part of the internet: name a smaller network, or use --force`,
      2,
    );
  }
  const { port, direction, expires } = options;
  const target = {
    network,
    ...(port !== undefined && { port }),
    ...(direction !== undefined && { direction }),
  };
  return {
    id: allowEntryId(target),
    ...target,
    reason: checkedText('--reason', options.reason, LONGEST_REASON),
    owner: checkedText('--owner', options.owner ?? userInfo().username, LONGEST_OWNER),
    addedAtMs: nowMs,
    ...(expires !== undefined && { expiresAtMs: expires }),
  };
}

function checkedText(option: string, text: string, longest: number): string {
  const line = text.trim();
  if (line !== '' && line.length <= longest && !/\p{Cc}/u.test(line)) return line;
  throw new CliError(`${option}: expected one line of up to ${longest} characters`, 2);
}

/** Labels that contradict the entry, the newest of each address. */
async function contradictingLabels(table: TableAccess, entry: AllowEntry, nowMs: number): Promise<Label[]> {
  const list = new Allowlist([entry]);
  const seen = new Set<string>();
  const found: Label[] = [];
  for await (const label of readLabels(table, until(nowMs, nowMs - LABELS_MS))) {
    if (seen.has(label.address) || list.covering(label.address, nowMs).length === 0) continue;
    seen.add(label.address);
    if (label.label === 'malicious') found.push(label);
    if (found.length >= MOST_CONTRADICTIONS) break;
  }
  return found;
}
