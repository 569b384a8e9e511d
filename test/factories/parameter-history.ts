import type { PastValue } from '../../lib/cutover/parameter-history.ts';

/** A value, with the description that its writer gave. */
export type Written = string | readonly [value: string, description: string];

/** A parameter's values, the oldest first: each with its description, written a second after the one before. */
export function historyOf(...values: readonly Written[]): PastValue[] {
  return values.map((each, n) => {
    const [value = '', description = ''] = typeof each === 'string' ? [each] : each;
    return { value, description, version: n + 1, changedAtMs: (n + 1) * 1_000, changedBy: '' };
  });
}
