import type { ConnectionRecord } from '../../../records/connection-record.ts';
import { type Label, readLabels, readLabelsOf } from '../../../store/labels.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type {
  ExportedAssessment,
  ExportedConnection,
  ExportSource,
  Selection,
} from '../../results/export.ts';
import { isSeenIn } from '../seen-range.ts';
import { readSelection, withLabels } from './read-for-export.ts';
import { SeenConnections } from './seen-connections.ts';

/** The stored items of a selection, newest first. */
export function exportSource(table: TableAccess, selection: Selection): ExportSource {
  return {
    assessments: () => withLabels(table, distinctAssessments(table, selection)),
    connections: () => connectionsOf(table, selection),
    assessmentsWithNewConnections: () => assessmentsWithNewConnections(table, selection),
    labels: () => labelsOf(table, selection),
  };
}

/**
 * Reading by time yields no duplicates. Reading by address yields assessments of several units again, at any distance.
 */
async function* distinctAssessments(
  table: TableAccess,
  selection: Selection,
): AsyncGenerator<ReadAssessment> {
  if (selection.address === undefined) {
    yield* readSelection(table, selection);
    return;
  }
  const seen = new SeenConnections();
  try {
    for await (const read of readSelection(table, selection)) {
      const connections = read.connections.filter((record) => seen.isNew(record));
      if (connections.length > 0) yield { ...read, connections };
    }
  } finally {
    seen.close();
  }
}

async function* connectionsOf(table: TableAccess, selection: Selection): AsyncGenerator<ExportedConnection> {
  const seen = new SeenConnections();
  try {
    for await (const read of readSelection(table, selection)) {
      for (const record of read.connections) {
        if (isSeenIn(selection.seen, record.timestamp) && seen.isNew(record)) yield { record, read };
      }
    }
  } finally {
    seen.close();
  }
}

async function* assessmentsWithNewConnections(
  table: TableAccess,
  selection: Selection,
): AsyncGenerator<ExportedAssessment & { readonly newConnections: readonly ConnectionRecord[] }> {
  const seen = new SeenConnections();
  try {
    for await (const exported of withLabels(table, readSelection(table, selection))) {
      const newConnections = exported.read.connections.filter(
        (record) => isSeenIn(selection.seen, record.timestamp) && seen.isNew(record),
      );
      yield { ...exported, newConnections };
    }
  } finally {
    seen.close();
  }
}

async function* labelsOf(table: TableAccess, { range, address, seen }: Selection): AsyncGenerator<Label> {
  const labels = address === undefined ? readLabels(table, range) : readLabelsOf(table, address);
  for await (const label of labels) {
    const isLabelledThen = label.labelledAtMs >= range.fromMs && label.labelledAtMs <= range.toMs;
    if (isLabelledThen && isSeenIn(seen, label.latestMs / 1000)) yield label;
  }
}
