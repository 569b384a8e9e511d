import { readFindingAssessments } from '../../../store/finding-assessments.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { AttentionEntry } from '../../results/attention.ts';

/** Reads the verdict that an address's score comes from; undefined if it is not stored yet, or has expired. */
export async function verdictBehind(
  table: TableAccess,
  { worst }: Pick<AttentionEntry, 'worst'>,
  nowMs: number,
): Promise<ReadAssessment | undefined> {
  for await (const { read } of readFindingAssessments(table, [worst], nowMs)) return read;
  return undefined;
}
