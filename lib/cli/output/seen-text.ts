import type { SeenRange } from '../results/seen-range.ts';

/** When connections had to be seen, as the end of a line that nothing was found; empty where at any time. */
export function seenText({ fromMs, toMs }: SeenRange): string {
  const from = Number.isFinite(fromMs) ? ` since ${new Date(fromMs).toISOString()}` : '';
  const to = Number.isFinite(toMs) ? ` before ${new Date(toMs).toISOString()}` : '';
  return from + to === '' ? '' : `, seen${from}${to}`;
}
