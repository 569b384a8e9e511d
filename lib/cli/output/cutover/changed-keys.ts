import type { Settings } from '../../../cutover/settings.ts';

/** Keys that the text of mode and percentage already covers. */
const IN_TITLE: readonly string[] = ['mode', 'consensusPercent', 'forced'] satisfies (keyof Settings)[];

/** What differs apart from mode and percentage, one line each: `minScorers: 2 to 3`. */
export function changedKeys(before: Settings, after: Settings): string[] {
  const keys = Object.keys(after) as (keyof Settings)[];
  return keys
    .filter((key) => !IN_TITLE.includes(key) && after[key] !== before[key])
    .map((key) => `${key}: ${before[key]} to ${after[key]}`);
}
