import type { ListedRange } from './listed-range.ts';

/**
 * Makes the ranges of one list disjoint, IPv4 before IPv6, each in ascending order: an address that several of them hold
 * was last listed when the latest of them was. Neighbours of the same day become one range.
 */
export function joinRanges(ranges: readonly ListedRange[]): ListedRange[] {
  return ([4, 6] as const).flatMap((family) => {
    const sorted = ranges.filter((range) => range.family === family).sort((a, b) => order(a.first, b.first));
    const joined: ListedRange[] = [];
    for (const overlapping of overlappingRuns(sorted)) {
      for (const range of disjoint(overlapping)) append(joined, range);
    }
    return joined;
  });
}

/** Runs of ascending ranges of which each overlaps one before it. */
function* overlappingRuns(sorted: readonly ListedRange[]): Generator<readonly ListedRange[]> {
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
  /** How many ranges are open, by day: few days, since what a list no longer names is soon gone. */
  const open = new Map<number, number>();
  let latest = -1;
  let from = 0n;
  for (const { position, lastListedDay, change } of edgesOf(ranges)) {
    if (latest >= 0 && position > from) {
      parts.push({ family: sample.family, first: from, last: position - 1n, lastListedDay: latest });
    }
    const left = (open.get(lastListedDay) ?? 0) + change;
    if (left > 0) open.set(lastListedDay, left);
    else open.delete(lastListedDay);
    if (change > 0) latest = Math.max(latest, lastListedDay);
    else if (left === 0 && lastListedDay === latest) latest = Math.max(-1, ...open.keys());
    from = position;
  }
  return parts;
}

interface Edge {
  readonly position: bigint;
  readonly lastListedDay: number;
  readonly change: 1 | -1;
}

/** Where ranges begin, and where they have just ended. */
function edgesOf(ranges: readonly ListedRange[]): Edge[] {
  const edges = ranges.flatMap(({ first, last, lastListedDay }): Edge[] => [
    { position: first, lastListedDay, change: 1 },
    { position: last + 1n, lastListedDay, change: -1 },
  ]);
  return edges.sort((a, b) => order(a.position, b.position));
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function append(joined: ListedRange[], next: ListedRange): void {
  const before = joined.at(-1);
  if (
    before !== undefined &&
    before.last + 1n === next.first &&
    before.lastListedDay === next.lastListedDay
  ) {
    joined[joined.length - 1] = { ...before, last: next.last };
  } else joined.push(next);
}
