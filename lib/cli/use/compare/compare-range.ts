import { ComparisonWindow } from '../../../statistics/comparison-window.ts';
import { makeReadinessReport } from '../../../statistics/make-readiness-report.ts';
import { readDetails } from '../../../statistics/read-details.ts';
import type { ReadinessReport } from '../../../statistics/readiness-report.ts';
import type { ReadinessThresholds } from '../../../statistics/readiness-thresholds.ts';
import { readLabels } from '../../../store/labels.ts';
import { readStatistics } from '../../../store/read-summaries.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { Progress } from '../progress.ts';
import { openTable } from '../target/open-target.ts';
import type { TargetOptions } from '../target/resources.ts';
import { until } from '../time-range.ts';
import { environmentThresholds } from './environment-thresholds.ts';

export interface CompareOptions extends TargetOptions {
  /** Version of the program. */
  readonly version: string;
  /** Overrides of the environment's thresholds. */
  readonly gate?: Readonly<Partial<ReadinessThresholds>>;
}

/** Compares the two scores of everything that arrived in a time range, and judges whether the consensus can be used. */
export async function compareRange(
  range: TimeRange,
  options: CompareOptions,
  progress: Progress,
): Promise<ReadinessReport> {
  const table = await openTable(options);
  const { environment, thresholds, remarks } = await environmentThresholds(options);
  const window = await readWindow(range, readStatistics(table, range), progress);
  progress.step('reading labels');
  // A label counts whenever it was given, even after the time range.
  const labels = await Array.fromAsync(readLabels(table, until(range.nowMs, range.fromMs)));
  progress.step('reading what differs');
  const details = await readDetails(table, window, labels, range.nowMs);
  const judgedBy: ReadinessThresholds = { ...thresholds, ...options.gate };
  return makeReadinessReport({
    environment,
    table: table.tableName,
    version: options.version,
    range,
    window,
    details,
    labels,
    thresholds: judgedBy,
    remarks,
  });
}

async function readWindow(
  range: TimeRange,
  entries: ReturnType<typeof readStatistics>,
  progress: Progress,
): Promise<ComparisonWindow> {
  const window = new ComparisonWindow(range);
  let count = 0;
  progress.step('reading summaries');
  for await (const entry of entries) {
    window.add(entry);
    progress.update(++count);
  }
  return window;
}
