import { Replay, type ReplayResult } from '../../../assessment/replay.ts';
import type { Settings } from '../../../cutover/settings.ts';
import type { ItemKey } from '../../../store/keys.ts';
import { readScoringsIn } from '../../../store/read-assessments.ts';
import { readStatistics, readSummariesInOrder } from '../../../store/read-summaries.ts';
import { distinctUnits } from '../../../store/shared-messages.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { Progress } from '../progress.ts';

/** Scores a time range again, with other settings. */
export async function replayRange(
  table: TableAccess,
  range: TimeRange,
  settings: Settings,
  progress: Progress,
): Promise<ReplayResult> {
  const keys: ItemKey[] = [];
  progress.step('reading summaries');
  for await (const { pk, sk } of readStatistics(table, range)) keys.push({ pk, sk });

  const replayed = new Replay(settings);
  progress.step('scoring again', keys.length);
  let done = 0;
  for await (const unit of distinctUnits(readSummariesInOrder(table, keys))) {
    for await (const scoring of readScoringsIn(table, unit, range.nowMs)) replayed.add(scoring);
    progress.update(++done);
  }
  return replayed.result;
}
