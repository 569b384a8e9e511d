import { withFile } from '../../../files/file-error.ts';
import type { OutputFile } from '../../../files/output-file.ts';
import { writeText } from '../../../files/standard-output.ts';
import { readLabels, readLabelsOf } from '../../../store/labels.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { ExportPlan } from '../../use/export/export-plan.ts';
import { readSelection, type Selection, withLabels } from '../../use/export/read-for-export.ts';
import { SeenConnections } from '../../use/export/seen-connections.ts';
import type { ExportedConnection } from './connection-row.ts';
import { CSV_LINE_END, csvLine } from './csv.ts';
import { EXPORTED_COLUMNS, labelledRow } from './labelled-row.ts';
import { ExportDatabase } from './sqlite-database.ts';
import {
  ASSESSMENTS_AS_CSV,
  ASSESSMENTS_AS_JSON,
  CONNECTIONS_AS_CSV,
  CONNECTIONS_AS_JSON,
} from './text-lines.ts';

/** What was exported, by kind. */
export interface ExportCounts {
  assessments: number;
  connections: number;
  labels: number;
}

/** Called between two things: reports progress, and throws where it should end. */
export type OnStep = (counts: ExportCounts) => void;

/**
 * Writes what a plan asks for, as it is read, in constant memory.
 *
 * @param file undefined is standard output
 * @throws {FileError} where it can't be written
 */
export async function writeExport(
  table: TableAccess,
  plan: ExportPlan,
  file: OutputFile | undefined,
  onStep: OnStep,
): Promise<ExportCounts> {
  const counts = { assessments: 0, connections: 0, labels: 0 };
  if (plan.format === 'sqlite') await writeDatabase(table, plan, file?.temporaryPath ?? '', counts, onStep);
  else await writeTexts(textsOf(table, plan, counts, onStep), file);
  return counts;
}

async function writeTexts(texts: AsyncIterable<string>, file: OutputFile | undefined): Promise<void> {
  for await (const piece of joined(texts)) {
    if (file === undefined) await writeText(piece);
    else file.write(piece);
  }
}

/** Each write is a call of the system, whatever its size. */
const PIECE_CHARACTERS = 65_536;

async function* joined(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

async function writeDatabase(
  table: TableAccess,
  { selection, outputPath = '' }: ExportPlan,
  temporaryPath: string,
  counts: ExportCounts,
  onStep: OnStep,
): Promise<void> {
  // The name that the user gave, rather than that of the unfinished file.
  const write = <Result>(action: () => Result) => withFile({ action: 'write', path: outputPath }, action);
  const database = write(() => new ExportDatabase(temporaryPath));
  const seen = new SeenConnections();
  try {
    for await (const exported of withLabels(table, readSelection(table, selection))) {
      const { read } = exported;
      write(() => database.addAssessment(exported));
      counts.assessments++;
      for (const record of read.connections) {
        if (!seen.isNew(record)) continue;
        write(() => database.addConnection({ record, read }));
        counts.connections++;
      }
      onStep(counts);
    }
    write(() => database.finish());
  } finally {
    database.close();
    seen.close();
  }
}

async function* textsOf(
  table: TableAccess,
  { kind, format, selection }: ExportPlan,
  counts: ExportCounts,
  onStep: OnStep,
): AsyncGenerator<string> {
  if (kind === 'labels') yield* labelTexts(table, selection, counts, onStep);
  else if (kind === 'connections') {
    const { heading, lineOf } = format === 'csv' ? CONNECTIONS_AS_CSV : CONNECTIONS_AS_JSON;
    if (heading !== undefined) yield heading;
    for await (const connection of connectionsOf(table, selection)) {
      yield lineOf(connection);
      counts.connections++;
      onStep(counts);
    }
  } else {
    const { heading, lineOf } = format === 'csv' ? ASSESSMENTS_AS_CSV : ASSESSMENTS_AS_JSON;
    if (heading !== undefined) yield heading;
    for await (const assessment of withLabels(table, readSelection(table, selection))) {
      yield lineOf(assessment);
      counts.assessments++;
      onStep(counts);
    }
  }
}

/** Each connection once, with the first assessment that covers it, however often it was pushed. */
async function* connectionsOf(table: TableAccess, selection: Selection): AsyncGenerator<ExportedConnection> {
  const seen = new SeenConnections();
  try {
    for await (const read of readSelection(table, selection)) {
      for (const record of read.connections) if (seen.isNew(record)) yield { record, read };
    }
  } finally {
    seen.close();
  }
}

async function* labelTexts(
  table: TableAccess,
  { range, address }: Selection,
  counts: ExportCounts,
  onStep: OnStep,
): AsyncGenerator<string> {
  yield `${csvLine(EXPORTED_COLUMNS)}${CSV_LINE_END}`;
  const labels = address === undefined ? readLabels(table, range) : readLabelsOf(table, address);
  for await (const label of labels) {
    if (label.labelledAtMs < range.fromMs || label.labelledAtMs > range.toMs) continue;
    const row = labelledRow(label);
    yield `${csvLine(EXPORTED_COLUMNS.map((column) => row[column]))}${CSV_LINE_END}`;
    counts.labels++;
    onStep(counts);
  }
}
