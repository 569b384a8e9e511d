import type { ListedRange } from './listed-range.ts';

/**
 * Makes the ranges of one list disjoint, IPv4 before IPv6, each in ascending order: an address in several of them gets
 * the latest of their days. Adjacent ranges with the same day become one.
 */
export function joinRanges(ranges: readonly ListedRange[]): ListedRange[] {
  return ([4, 6] as const).flatMap((family) => {
    const sorted = ranges.filter((range) => range.family === family).sort((a, b) => order(a.first, b.first));
    const joined: ListedRange[] = [];
    for (let from = 0; from < sorted.length; ) {
      const to = endOfRun(sorted, from);
      const only = to === from + 1 ? sorted[from] : undefined;
      if (only !== undefined) append(joined, only);
      else for (const range of disjoint(sorted.slice(from, to))) append(joined, range);
      from = to;
    }
    return joined;
  });
}

/** The end of a run of ascending ranges in which each overlaps an earlier one. */
function endOfRun(sorted: readonly ListedRange[], from: number): number {
  let last = sorted[from]?.last ?? -1n;
  let to = from + 1;
  for (let next = sorted[to]; next !== undefined && next.first <= last; next = sorted[to]) {
    if (next.last > last) last = next.last;
    to++;
  }
  return to;
}

function disjoint(ranges: readonly ListedRange[]): readonly ListedRange[] {
  const family = ranges[0]?.family ?? 4;
  const parts: ListedRange[] = [];
  /**
   * The number of open ranges, by day: there are few days, since entries that are no longer listed are soon dropped.
   */
  const open = new Map<number, number>();
  let latest = -1;
  let from = 0n;
  for (const { position, lastListedDay, change } of edgesOf(ranges)) {
    if (latest >= 0 && position > from) {
      parts.push({ family, first: from, last: position - 1n, lastListedDay: latest });
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

/** Where ranges begin, and the positions right after their ends. */
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
