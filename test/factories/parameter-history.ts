import type { PastValue } from '../../lib/cutover/parameter-history.ts';

/** A parameter's values, the oldest first: each with its description, written a second after the one before. */
export function historyOf(
  ...values: readonly (string | readonly [value: string, description: string])[]
): PastValue[] {
  return values.map((each, n) => {
    const [value = '', description = ''] = typeof each === 'string' ? [each] : each;
    return { value, description, version: n + 1, changedAtMs: (n + 1) * 1_000, changedBy: '' };
  });
}
