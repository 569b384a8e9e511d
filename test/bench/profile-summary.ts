import type { Profiler } from 'node:inspector';

/** Where the processor was, by function. */
export interface FunctionTime {
  readonly name: string;
  /** Zero-based, as the profiler gives them. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
  /** Share of all busy time, 0-1, that was spent in the function itself. */
  readonly selfShare: number;
}

/** Time in which nothing ran says nothing. */
const NOT_BUSY = new Set(['(root)', '(idle)', '(program)']);

/** Adds up samples by function, whoever called it; the longest first. */
export function summarizeProfile({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): FunctionTime[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, Omit<FunctionTime, 'selfShare'> & { microseconds: number }>();
  let busy = 0;
  for (const [n, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || NOT_BUSY.has(frame.functionName)) continue;
    const { functionName, url, lineNumber: line, columnNumber: column } = frame;
    const key = `${functionName} ${url} ${line} ${column}`;
    const time = times.get(key) ?? {
      name: functionName || '(anonymous)',
      url,
      line,
      column,
      microseconds: 0,
    };
    times.set(key, time);
    const microseconds = Math.max(0, timeDeltas[n] ?? 0);
    time.microseconds += microseconds;
    busy += microseconds;
  }
  return [...times.values()]
    .sort((a, b) => b.microseconds - a.microseconds)
    .map(({ microseconds, ...place }) => ({ ...place, selfShare: microseconds / busy }));
}

/** Adds up shares by what `groupOf` says; the largest first. */
export function sumShares(
  times: readonly FunctionTime[],
  groupOf: (time: FunctionTime) => string,
): [group: string, share: number][] {
  const shares = new Map<string, number>();
  for (const time of times) {
    const group = groupOf(time);
    shares.set(group, (shares.get(group) ?? 0) + time.selfShare);
  }
  return [...shares].sort(([, a], [, b]) => b - a);
}
