import type { ConnectionRecord } from '../../records/connection-record.ts';
import type { Label } from '../../store/labels.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';
import type { TimeRange } from '../../store/timeline.ts';
import type { SeenRange } from './seen-range.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl', 'sqlite'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export type ExportKind = 'assessments' | 'connections' | 'labels';

/** What a call asks for, in one piece. */
export interface ExportPlan {
  /** A SQLite file holds assessments and connections whatever it says. */
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  /** Undefined: standard output. */
  readonly outputPath: string | undefined;
  readonly isForced: boolean;
  readonly selection: Selection;
}

/** What to export: what arrived in a time range and was seen in another, of one address or of all. */
export interface Selection {
  readonly range: TimeRange;
  /** When its connections were seen; assessments with one of them are meant. */
  readonly seen: SeenRange;
  /** In canonical form. */
  readonly address: string | undefined;
}

/** An assessment with what a human found out about it. */
export interface ExportedAssessment {
  readonly read: ReadAssessment;
  readonly label: Label | undefined;
}

/** A connection with the assessment that covers it. */
export interface ExportedConnection {
  readonly record: ConnectionRecord;
  readonly read: ReadAssessment;
}

/** What a plan selects, read from the table while it is asked for, in constant memory. */
export interface ExportSource {
  assessments(): AsyncIterable<ExportedAssessment>;
  /** Each connection once, with the first assessment that covers it, however often it was pushed. */
  connections(): AsyncIterable<ExportedConnection>;
  /** Each assessment with those of its connections that none before it covers. */
  assessmentsWithNewConnections(): AsyncIterable<
    ExportedAssessment & { readonly newConnections: readonly ConnectionRecord[] }
  >;
  labels(): AsyncIterable<Label>;
}

/** What was exported, by kind. */
export interface ExportCounts {
  assessments: number;
  connections: number;
  labels: number;
}
