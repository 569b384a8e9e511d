import type { Direction } from '../consensus/scoring-input.ts';
import type { FindingKind } from './announcement.ts';

/** The latest decision of a kind about an address. */
export interface Decision {
  /** Arrival time of the unit it was decided for, epoch milliseconds. */
  readonly atMs: number;
  readonly score: number;
  /** The highest score decided on so far; absent if it is this one. */
  readonly peak?: number;
  readonly direction: Direction;
  /** See `findingUid`. */
  readonly finding: string;
  /** Not announced: the address only counts as known. */
  readonly isSilent?: true;
}

/** Decisions about an address: the latest of each kind. */
export type Decided = Readonly<Partial<Record<FindingKind, Decision>>>;

/** Writes the stored form. */
export function writeDecided(decided: Decided): string {
  return JSON.stringify(decided);
}

/** Reads the stored form. An unknown form counts as no decisions, so that it holds nothing back. */
export function readDecided(text: string): Decided {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Decided) : {};
  } catch {
    return {};
  }
}
