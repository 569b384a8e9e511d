import type { LogEntry } from './log-entry.ts';
import type { LogFormat } from './log-format.ts';
import type { ResumePoint } from './resume-point.ts';

/** How places are called in messages to the user. */
export type PositionUnit = 'line' | 'element' | 'row';

/** A log that is being read. */
export interface Log {
  readonly format: LogFormat;
  readonly unit: PositionUnit;
  /** In the order of the input, as many at a time as a piece of it holds. */
  readonly entries: AsyncIterable<readonly LogEntry[]>;
  /**
   * Where to read on at a position of the entries that were handed out last, without what is before it.
   *
   * @returns undefined where the log has to be read from its beginning
   */
  readonly resumeAt?: (position: number) => ResumePoint | undefined;
}
