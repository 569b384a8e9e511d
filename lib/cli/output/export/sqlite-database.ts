import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { canonicalJson } from '../../../records/canonical-json.ts';
import type { ExportedAssessment, ExportedConnection } from '../../results/export.ts';
import { ASSESSMENT_COLUMNS, type AssessmentRow, assessmentRow, SCORER_COLUMNS } from './assessment-row.ts';
import { scoredSide } from './connection-row.ts';
import type { CsvCell } from './csv.ts';
import { legacyDateTime } from './date-time.ts';

/** Rows per transaction: each transaction costs as much as hundreds of rows. */
const ROWS_PER_TRANSACTION = 10_000;

/**
 * The legacy system's tables, with our additional columns at the end.
 *
 * `dst_ip` is the address that was scored in both, as it always was there, so that the tables can be joined on it. Of an
 * inbound connection that is the originator: `src_ip` and `dst_ip` stand exchanged then, and `scored_side` says so.
 * `record` is the connection as it came.
 */
const TABLES = `
CREATE TABLE connections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp DATETIME NOT NULL,
  src_ip VARCHAR NOT NULL,
  dst_ip VARCHAR NOT NULL,
  dst_port INTEGER NOT NULL,
  protocol VARCHAR NOT NULL,
  threat_score FLOAT NOT NULL,
  scored_side VARCHAR NOT NULL,
  assessment_id VARCHAR NOT NULL,
  record JSON NOT NULL
);
CREATE TABLE consensus_assessments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp DATETIME NOT NULL,
  dst_ip VARCHAR NOT NULL,
  consensus_score FLOAT,
  confidence FLOAT,
  high_uncertainty BOOLEAN,
  votes_json JSON NOT NULL,
  ground_truth VARCHAR,
  incident_detected BOOLEAN,
  threat_score FLOAT NOT NULL,
  scored_by VARCHAR NOT NULL,
  legacy_score FLOAT,
  method VARCHAR NOT NULL,
  spread FLOAT,
  quorum FLOAT,
  degraded BOOLEAN,
  outliers VARCHAR,
  evidence VARCHAR NOT NULL,
  lists VARCHAR,
  engine_version VARCHAR NOT NULL,
  settings VARCHAR,
  connections INTEGER NOT NULL,
  first_connection DATETIME NOT NULL,
  last_connection DATETIME NOT NULL,
${SCORER_COLUMNS.map((column) => `  ${column} FLOAT,`).join('\n')}
  input_json JSON NOT NULL,
  assessment_id VARCHAR NOT NULL
);`;

/** Created last: updating them row by row takes longer. */
const INDEXES = `
CREATE INDEX connections_by_dst_ip ON connections (dst_ip);
CREATE INDEX connections_by_assessment ON connections (assessment_id);
CREATE INDEX consensus_assessments_by_dst_ip ON consensus_assessments (dst_ip);
CREATE UNIQUE INDEX consensus_assessments_by_assessment ON consensus_assessments (assessment_id);`;

const CONNECTION_COLUMNS = [
  'timestamp',
  'src_ip',
  'dst_ip',
  'dst_port',
  'protocol',
  'threat_score',
  'scored_side',
  'assessment_id',
  'record',
] as const;

/** Writes assessments and connections into a SQLite database of the legacy form, in constant memory. */
export class ExportDatabase {
  readonly #database: DatabaseSync;
  readonly #insertAssessment: StatementSync;
  readonly #insertConnection: StatementSync;
  #rows = 0;

  /** @param path of an empty file that nobody reads before it is complete, hence no journal */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
    this.#database.exec(TABLES);
    const assessmentColumns = ['assessment_id', ...ASSESSMENT_COLUMNS.slice(1)];
    this.#insertAssessment = this.#prepareInsert('consensus_assessments', assessmentColumns);
    this.#insertConnection = this.#prepareInsert('connections', CONNECTION_COLUMNS);
    this.#database.exec('BEGIN');
  }

  addAssessment(exported: ExportedAssessment): void {
    const row: AssessmentRow = assessmentRow(exported, legacyDateTime);
    this.#insertAssessment.run(...ASSESSMENT_COLUMNS.map((column) => sqlValue(row[column])));
    this.#commitSometimes();
  }

  addConnection(exported: ExportedConnection): void {
    const { record, read } = exported;
    const side = scoredSide(exported);
    const other = side === 'responder' ? record.src_ip : record.dst_ip;
    this.#insertConnection.run(
      legacyDateTime(record.timestamp),
      other,
      read.address,
      record.dst_port,
      record.protocol,
      read.assessment.threat_score,
      side,
      read.id,
      canonicalJson(record),
    );
    this.#commitSometimes();
  }

  finish(): void {
    this.#database.exec('COMMIT');
    this.#database.exec(INDEXES);
  }

  close(): void {
    this.#database.close();
  }

  #prepareInsert(table: string, columns: readonly string[]): StatementSync {
    const places = columns.map(() => '?').join(', ');
    return this.#database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
  }

  #commitSometimes(): void {
    if (++this.#rows % ROWS_PER_TRANSACTION === 0) this.#database.exec('COMMIT; BEGIN');
  }
}

function sqlValue(cell: CsvCell): SQLInputValue {
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  return cell ?? null;
}
