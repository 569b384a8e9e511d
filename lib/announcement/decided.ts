import type { Direction } from '../consensus/scoring-input.ts';
import type { FindingKind } from './announcement.ts';

/** The latest decision of a kind about an address. */
export interface Decision {
  /** Time of what it was decided for, as of arrival, epoch milliseconds. */
  readonly atMs: number;
  readonly score: number;
  /** The highest score that was decided on until then; absent if it is this one. */
  readonly peak?: number;
  readonly direction: Direction;
  /** See `findingUid`. */
  readonly finding: string;
  /** Nobody is told: the address counts as known. */
  readonly isSilent?: true;
}

/** What was decided about an address: the latest decision of each kind. */
export type Decided = Readonly<Partial<Record<FindingKind, Decision>>>;

/** Writes the form in which it is kept. */
export function writeDecided(decided: Decided): string {
  return JSON.stringify(decided);
}

/** Reads it. What is not understood counts as nothing, so that nothing is held back for it. */
export function readDecided(text: string): Decided {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Decided) : {};
  } catch {
    return {};
  }
}
