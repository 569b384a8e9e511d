import type { RecordText } from '../text-lines.ts';
import type { Entries } from './json-entries.ts';

/** Reads one line of a log: mostly one entry; undefined for a line that holds none. */
export interface ReadLine {
  (line: RecordText): Entries | undefined;
  /** Takes from a line that is not read what those after it depend on. */
  readonly passOver?: (line: RecordText) => void;
  /**
   * Lines to pass over before a line, for whoever reads on from there; none without.
   *
   * @returns undefined where what they said was changed since
   */
  readonly contextAt?: (position: number) => readonly string[] | undefined;
}
