import type { AddressRange } from './address-range.ts';

/** A range of which each address is on so many lists. */
export interface ListedRange extends AddressRange {
  /** 1-255; larger numbers say no more. */
  readonly lists: number;
}

export const MOST_LISTS = 255;

/**
 * Makes ranges disjoint, IPv4 before IPv6, each in ascending order: an address that several of them hold is on as many
 * lists as the highest of them says. Neighbours on as many lists become one range.
 */
export function mergeRanges(ranges: readonly ListedRange[]): ListedRange[] {
  return ([4, 6] as const).flatMap((family) => {
    const sorted = ranges.filter((range) => range.family === family).sort((a, b) => order(a.first, b.first));
    const merged: ListedRange[] = [];
    for (const overlapping of overlappingRuns(sorted)) {
      for (const range of disjoint(overlapping)) append(merged, range);
    }
    return merged;
  });
}

/** Runs of ascending ranges of which each overlaps one before it. */
function* overlappingRuns(sorted: readonly ListedRange[]): Generator<ListedRange[]> {
  let run: ListedRange[] = [];
  let last = -1n;
  for (const range of sorted) {
    if (run.length > 0 && range.first > last) {
      yield run;
      run = [];
    }
    run.push(range);
    if (range.last > last) last = range.last;
  }
  if (run.length > 0) yield run;
}

function disjoint(ranges: readonly ListedRange[]): readonly ListedRange[] {
  const [sample] = ranges;
  if (sample === undefined || ranges.length === 1) return ranges;
  const parts: ListedRange[] = [];
  /** How many ranges are open, by their number of lists. */
  const open = new Uint32Array(MOST_LISTS + 1);
  let highest = 0;
  let from = 0n;
  for (const { position, lists, change } of edgesOf(ranges)) {
    if (highest > 0 && position > from) {
      parts.push({ family: sample.family, first: from, last: position - 1n, lists: highest });
    }
    open[lists] = (open[lists] ?? 0) + change;
    if (change > 0) highest = Math.max(highest, lists);
    else while (highest > 0 && open[highest] === 0) highest--;
    from = position;
  }
  return parts;
}

interface Edge {
  readonly position: bigint;
  readonly lists: number;
  readonly change: 1 | -1;
}

/** Where ranges begin, and where they have just ended. */
function edgesOf(ranges: readonly ListedRange[]): Edge[] {
  const edges = ranges.flatMap(({ first, last, lists }): Edge[] => [
    { position: first, lists, change: 1 },
    { position: last + 1n, lists, change: -1 },
  ]);
  return edges.sort((a, b) => order(a.position, b.position));
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function append(merged: ListedRange[], next: ListedRange): void {
  const before = merged.at(-1);
  if (before !== undefined && before.last + 1n === next.first && before.lists === next.lists) {
    merged[merged.length - 1] = { ...before, last: next.last };
  } else merged.push(next);
}
