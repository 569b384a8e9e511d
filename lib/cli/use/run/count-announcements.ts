import { FINDING_KINDS } from '../../../announcement/announcement.ts';
import { readDecided } from '../../../announcement/decided.ts';
import { getAnnounced } from '../../../store/announced.ts';
import { readFindings } from '../../../store/findings.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';

/**
 * Counts the addresses announced for arrivals in a time range, sent or not. The hourly digest is not included.
 *
 * @throws {ServiceError}
 */
export async function countAnnouncements(table: TableAccess, range: TimeRange): Promise<number> {
  const subjects = new Set<string>();
  for await (const { address, announced } of readFindings(table, range)) {
    if (announced.length > 0) subjects.add(address);
  }
  const found = await getAnnounced(table, [...subjects], { isConsistent: true });
  return [...found.values()].filter(({ decided }) => {
    const decisions = readDecided(decided);
    return FINDING_KINDS.some((kind) => {
      const { atMs = 0, isSilent = false } = decisions[kind] ?? {};
      return !isSilent && atMs >= range.fromMs;
    });
  }).length;
}
