import type { ConnectionRecord } from '../../records/connection-record.ts';
import type { Label } from '../../store/labels.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import type { TimeRange } from '../../store/timeline.ts';
import type { SeenRange } from './seen-range.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl', 'sqlite'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export type ExportKind = 'assessments' | 'connections' | 'labels';

/** A call's request, with options resolved. */
export interface ExportPlan {
  /** A SQLite file always holds assessments and connections. */
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  /** Undefined means standard output. */
  readonly outputPath: string | undefined;
  readonly isForced: boolean;
  readonly selection: Selection;
}

/** What to export: records by arrival time and by event time, of one address or of all. */
export interface Selection {
  readonly range: TimeRange;
  /** Event times; selects assessments with a connection in that range. */
  readonly seen: SeenRange;
  /** In canonical form. */
  readonly address: string | undefined;
}

/** An assessment with its human label. */
export interface ExportedAssessment {
  readonly read: ReadAssessment;
  readonly label: Label | undefined;
}

/** A connection with the assessment that covers it. */
export interface ExportedConnection {
  readonly record: ConnectionRecord;
  readonly read: ReadAssessment;
}

/** What a plan selects, streamed from the table in constant memory. */
export interface ExportSource {
  assessments(): AsyncIterable<ExportedAssessment>;
  /** Each connection once, however often it was pushed, with the first assessment that covers it. */
  connections(): AsyncIterable<ExportedConnection>;
  /** Each assessment, with those of its connections that no earlier one covers. */
  assessmentsWithNewConnections(): AsyncIterable<
    ExportedAssessment & { readonly newConnections: readonly ConnectionRecord[] }
  >;
  labels(): AsyncIterable<Label>;
}

/** Number of exported items, by kind. */
export interface ExportCounts {
  assessments: number;
  connections: number;
  labels: number;
}
