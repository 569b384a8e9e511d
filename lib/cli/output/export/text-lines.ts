import type { ExportedAssessment, ExportedConnection } from '../../results/export.ts';
import { assessmentJson } from '../assessments/assessment-json.ts';
import { ASSESSMENT_COLUMNS, assessmentRow } from './assessment-row.ts';
import { CONNECTION_COLUMNS, connectionRow, scoredSide } from './connection-row.ts';
import { CSV_LINE_END, csvLine } from './csv.ts';
import { zonedDateTime } from './date-time.ts';

/** How one kind of export is written as text. */
export interface TextForm<Exported> {
  /** The first line, with its line end. */
  readonly heading?: string;
  /** One line, with its line end. */
  readonly lineOf: (exported: Exported) => string;
}

export const ASSESSMENTS_AS_CSV: TextForm<ExportedAssessment> = {
  heading: csvText(ASSESSMENT_COLUMNS),
  lineOf: (exported) => {
    const row = assessmentRow(exported, zonedDateTime);
    return csvText(ASSESSMENT_COLUMNS.map((column) => row[column]));
  },
};

export const CONNECTIONS_AS_CSV: TextForm<ExportedConnection> = {
  heading: csvText(CONNECTION_COLUMNS),
  lineOf: (exported) => {
    const row = connectionRow(exported);
    return csvText(CONNECTION_COLUMNS.map((column) => row[column]));
  },
};

/** As `assessments --json` prints them, with the label. */
export const ASSESSMENTS_AS_JSON: TextForm<ExportedAssessment> = {
  lineOf: ({ read, label }) => {
    const truth = label && { ground_truth: label.label, incident_detected: label.incidentDetected };
    return `${assessmentJson(read, truth)}\n`;
  },
};

/** The record as it was pushed is nested, since it may have fields of any name. */
export const CONNECTIONS_AS_JSON: TextForm<ExportedConnection> = {
  lineOf: (exported) => {
    const { record, read } = exported;
    const { threat_score, scored_by } = read.assessment;
    const side = scoredSide(exported);
    return `${JSON.stringify({ assessment_id: read.id, scored_side: side, threat_score, scored_by, record })}\n`;
  },
};

function csvText(cells: Parameters<typeof csvLine>[0]): string {
  return `${csvLine(cells)}${CSV_LINE_END}`;
}
