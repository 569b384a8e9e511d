import { withFile } from '../../../files/file-error.ts';
import type { OutputFile } from '../../../files/output-file.ts';
import { writeText } from '../../../files/standard-output.ts';
import type { ExportCounts, ExportPlan, ExportSource } from '../../results/export.ts';
import { CSV_LINE_END, csvLine } from './csv.ts';
import { EXPORTED_COLUMNS, labelledRow } from './labelled-row.ts';
import { ExportDatabase } from './sqlite-database.ts';
import {
  ASSESSMENTS_AS_CSV,
  ASSESSMENTS_AS_JSON,
  CONNECTIONS_AS_CSV,
  CONNECTIONS_AS_JSON,
} from './text-lines.ts';

/** Called between two rows: reports progress, and throws if the export should end. */
type OnStep = (counts: ExportCounts) => void;

/**
 * Writes what a plan selects while reading it, in constant memory.
 *
 * @param file undefined: standard output
 * @throws {FileError} if it can't be written
 */
export async function writeExport(
  source: ExportSource,
  plan: ExportPlan,
  file: OutputFile | undefined,
  onStep: OnStep,
): Promise<ExportCounts> {
  const counts = { assessments: 0, connections: 0, labels: 0 };
  if (plan.format === 'sqlite') await writeDatabase(source, plan, file?.temporaryPath ?? '', counts, onStep);
  else await writeTexts(textsOf(source, plan, counts, onStep), file);
  return counts;
}

async function writeTexts(texts: AsyncIterable<string>, file: OutputFile | undefined): Promise<void> {
  for await (const piece of joined(texts)) {
    if (file === undefined) await writeText(piece);
    else file.write(piece);
  }
}

/** Each write is a system call, whatever its size. */
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
  source: ExportSource,
  { outputPath = '' }: ExportPlan,
  temporaryPath: string,
  counts: ExportCounts,
  onStep: OnStep,
): Promise<void> {
  // The name that the user gave, not that of the unfinished file.
  const write = <Result>(action: () => Result) => withFile({ action: 'write', path: outputPath }, action);
  const database = write(() => new ExportDatabase(temporaryPath));
  try {
    for await (const { newConnections, ...exported } of source.assessmentsWithNewConnections()) {
      write(() => database.addAssessment(exported));
      counts.assessments++;
      for (const record of newConnections) {
        write(() => database.addConnection({ record, read: exported.read }));
        counts.connections++;
      }
      onStep(counts);
    }
    write(() => database.finish());
  } finally {
    database.close();
  }
}

async function* textsOf(
  source: ExportSource,
  { kind, format }: ExportPlan,
  counts: ExportCounts,
  onStep: OnStep,
): AsyncGenerator<string> {
  if (kind === 'labels') yield* labelTexts(source, counts, onStep);
  else if (kind === 'connections') {
    const { heading, lineOf } = format === 'csv' ? CONNECTIONS_AS_CSV : CONNECTIONS_AS_JSON;
    if (heading !== undefined) yield heading;
    for await (const connection of source.connections()) {
      yield lineOf(connection);
      counts.connections++;
      onStep(counts);
    }
  } else {
    const { heading, lineOf } = format === 'csv' ? ASSESSMENTS_AS_CSV : ASSESSMENTS_AS_JSON;
    if (heading !== undefined) yield heading;
    for await (const assessment of source.assessments()) {
      yield lineOf(assessment);
      counts.assessments++;
      onStep(counts);
    }
  }
}

async function* labelTexts(
  source: ExportSource,
  counts: ExportCounts,
  onStep: OnStep,
): AsyncGenerator<string> {
  yield `${csvLine(EXPORTED_COLUMNS)}${CSV_LINE_END}`;
  for await (const label of source.labels()) {
    const row = labelledRow(label);
    yield `${csvLine(EXPORTED_COLUMNS.map((column) => row[column]))}${CSV_LINE_END}`;
    counts.labels++;
    onStep(counts);
  }
}
