import type { RecordText } from '../text-lines.ts';
import type { Entries } from './json-entries.ts';

/** Reads one line of a log, usually one entry; undefined if it holds none. */
export interface ReadLine {
  (line: RecordText): Entries | undefined;
  /** Keeps track of state, such as headers, on a line that is skipped. */
  readonly passOver?: (line: RecordText) => void;
  /**
   * Earlier lines, such as headers, needed to resume before this line.
   *
   * @returns undefined if they have changed since
   */
  readonly contextAt?: (position: number) => readonly string[] | undefined;
}
