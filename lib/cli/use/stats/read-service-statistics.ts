import { DEFAULT_CONSENSUS_SETTINGS } from '../../../consensus/settings.ts';
import type { SharedThresholds } from '../../../statistics/readiness-thresholds.ts';
import { type ServiceStatistics, serviceStatistics } from '../../../statistics/service-statistics.ts';
import { readLabels } from '../../../store/labels.ts';
import { readStatistics } from '../../../store/read-summaries.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { Progress } from '../progress.ts';

/** Adds up the statistics of messages that arrived in a time range. */
export async function readServiceStatistics(
  table: TableAccess,
  range: TimeRange,
  thresholds: SharedThresholds,
  progress: Progress,
): Promise<ServiceStatistics> {
  progress.step('reading summaries');
  const entries = [];
  for await (const entry of readStatistics(table, range)) {
    entries.push(entry);
    progress.update(entries.length);
  }
  const labels = await Array.fromAsync(readLabels(table, range));
  return serviceStatistics(entries, labels, DEFAULT_CONSENSUS_SETTINGS.maliciousThreshold, thresholds);
}
