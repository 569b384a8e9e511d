import { Replay, type ReplayResult } from '../../../assessment/replay.ts';
import { chunksOf } from '../../../aws/chunks.ts';
import type { Settings } from '../../../cutover/settings.ts';
import { unitOfSummary } from '../../../store/keys.ts';
import { readScoringsIn } from '../../../store/read-assessments.ts';
import { readStatistics, readSummaries } from '../../../store/read-summaries.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { Progress } from '../progress.ts';

/** Summaries that are read together; bounds memory. */
const UNITS_AT_ONCE = 20;

/** Scores again what was scored in a time range, by other settings. */
export async function replayRange(
  table: TableAccess,
  range: TimeRange,
  settings: Settings,
  progress: Progress,
): Promise<ReplayResult> {
  const units: string[] = [];
  progress.step('reading summaries');
  for await (const entry of readStatistics(table, range)) units.push(unitOfSummary(entry));

  const replayed = new Replay(settings);
  progress.step('scoring again', units.length);
  let done = 0;
  for (const chunk of chunksOf(units, UNITS_AT_ONCE)) {
    for await (const summary of readSummaries(table, chunk, range.nowMs)) {
      for await (const scoring of readScoringsIn(table, summary, range.nowMs)) replayed.add(scoring);
      progress.update(++done);
    }
  }
  return replayed.result;
}
