import type { Comparison } from '../store/comparison.ts';

/** Counts by which of two scores call an endpoint malicious: the one before, the one after, both or neither. */
export interface FlipCounts {
  readonly neither: number;
  /** Malicious only by the score after. */
  readonly newlyMalicious: number;
  /** Malicious only by the score before. */
  readonly noLongerMalicious: number;
  readonly both: number;
}

/** The stored and printed form: rows are the score before (not malicious, malicious), columns the score after. */
export type FlipMatrix = Comparison['flips'];

export function countFlips(matrix: FlipMatrix): FlipCounts {
  const [[neither = 0, newlyMalicious = 0] = [], [noLongerMalicious = 0, both = 0] = []] = matrix;
  return { neither, newlyMalicious, noLongerMalicious, both };
}

/** Counts flips as they are found. */
export class FlipTally implements FlipCounts {
  neither = 0;
  newlyMalicious = 0;
  noLongerMalicious = 0;
  both = 0;

  add(wasMalicious: boolean, isMalicious: boolean): void {
    if (wasMalicious && isMalicious) this.both++;
    else if (wasMalicious) this.noLongerMalicious++;
    else if (isMalicious) this.newlyMalicious++;
    else this.neither++;
  }

  addAll(counts: FlipCounts): void {
    this.neither += counts.neither;
    this.newlyMalicious += counts.newlyMalicious;
    this.noLongerMalicious += counts.noLongerMalicious;
    this.both += counts.both;
  }

  get matrix(): FlipMatrix {
    return [
      [this.neither, this.newlyMalicious],
      [this.noLongerMalicious, this.both],
    ];
  }
}
