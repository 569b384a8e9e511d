import type { LogEntry } from './log-entry.ts';
import type { LogFormat } from './log-format.ts';
import type { ResumePoint } from './resume-point.ts';

/** The unit of positions in messages to the user. */
export type PositionUnit = 'line' | 'element' | 'row';

/** A log being read. */
export interface Log {
  readonly format: LogFormat;
  readonly unit: PositionUnit;
  /** In input order, in batches as they arrive from the input. */
  readonly entries: AsyncIterable<readonly LogEntry[]>;
  /**
   * Where to resume at a position among the latest entries, without rereading what is before it.
   *
   * @returns undefined if the log has to be read from its beginning
   */
  readonly resumeAt?: (position: number) => ResumePoint | undefined;
}
