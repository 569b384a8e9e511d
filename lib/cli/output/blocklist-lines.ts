import { counted, grouped } from '../../statistics/count-text.ts';
import type { ImportFigures, OfflineSet, SkippedLine } from '../results/blocklists.ts';
import { printable } from './terminal.ts';

const SKIPPED_SHOWN = 10;

/** What an import came to, for a human. */
export function importLines({
  source,
  addresses,
  lists,
  replaced,
  expires_at,
}: Omit<ImportFigures, 'skipped'>): string[] {
  const instead = replaced > 0 ? `, in place of ${grouped(replaced)}` : '';
  return [
    `${source}: ${grouped(addresses)} addresses on up to ${counted(lists, 'list')}${instead}; in use until ${expires_at}`,
  ];
}

/** The first lines of a blocklist that were left out, and how many more there are. */
export function skippedLines(skipped: readonly SkippedLine[]): string[] {
  const lines = skipped
    .slice(0, SKIPPED_SHOWN)
    .map(({ line, reason }) => `line ${line} is left out: ${printable(reason)}`);
  const more = skipped.length - SKIPPED_SHOWN;
  return more > 0 ? [...lines, `and ${counted(more, 'line')} more`] : lines;
}

/** The sets in use, for a human. */
export function setLines(sets: readonly OfflineSet[]): string[] {
  if (sets.length === 0) return ['no offline sets are imported'];
  return sets.flatMap((set) => importLines({ ...set, replaced: 0 }));
}

/** A set as one JSON object, for programs. */
export function setJson(set: OfflineSet): string {
  return JSON.stringify(set);
}
