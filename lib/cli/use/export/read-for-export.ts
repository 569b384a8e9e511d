import { readLabelsFor } from '../../../store/labels.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAllAssessmentsOf, readAssessmentsBetween } from '../../../store/read-assessments.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { ExportedAssessment, Selection } from '../../results/export.ts';
import { seenIn } from '../seen-range.ts';

/** The stored assessments of a selection, newest first: from the address's partitions, or from the summaries. */
export async function* readSelection(
  table: TableAccess,
  selection: Selection,
): AsyncGenerator<ReadAssessment> {
  yield* seenIn(selection.seen, arrived(table, selection));
}

async function* arrived(table: TableAccess, { range, address }: Selection): AsyncGenerator<ReadAssessment> {
  if (address === undefined) {
    yield* readAssessmentsBetween(table, range);
    return;
  }
  for await (const read of readAllAssessmentsOf(table, address, range.nowMs)) {
    if (read.ingestedAtMs >= range.fromMs && read.ingestedAtMs <= range.toMs) yield read;
  }
}

/** Labels requested together: the limit of one request. */
const LABELS_AT_ONCE = 100;

/**
 * Adds human labels. Each is read by its assessment's key, since a label may have been given at any time, even before
 * the message was sent again.
 */
export async function* withLabels(
  table: TableAccess,
  assessments: AsyncIterable<ReadAssessment>,
): AsyncGenerator<ExportedAssessment> {
  for await (const batch of batchesOf(assessments, LABELS_AT_ONCE)) {
    const labels = await readLabelsFor(
      table,
      batch.map(({ id }) => id),
    );
    for (const read of batch) yield { read, label: labels.get(read.id) };
  }
}

async function* batchesOf<Element>(
  elements: AsyncIterable<Element>,
  size: number,
): AsyncGenerator<Element[]> {
  let batch: Element[] = [];
  for await (const element of elements) {
    if (batch.push(element) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
