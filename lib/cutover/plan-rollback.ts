import { effectivePercent } from './canary.ts';
import type { PastValue } from './parameter-history.ts';
import { cutoverTo } from './plan-change.ts';
import { isRollbackDescription } from './rollback-description.ts';
import { DEFAULT_SETTINGS, readSettings } from './settings.ts';

export type RollbackPlan =
  /** Write `value`: `from` in mode `legacy`. */
  | { readonly action: 'write'; readonly value: string; readonly from: PastValue }
  /** There is nothing to do; `isForced` where that is so because somebody forced the settings despite the alarm. */
  | { readonly action: 'stay'; readonly isForced: boolean };

/**
 * Decides what there is to do about the settings, from what is there and nothing else.
 *
 * While the alarm is on, settings that use the consensus score for any address, or are invalid, go back to `legacy`.
 * And whether it is on or not: where a rollback has written over a value that came just before it, that value's other
 * settings are put in force, still in mode `legacy`.
 *
 * @param history the parameter's values, the oldest first; at least one
 * @param alarmedAtMs when the alarm went off, epoch milliseconds; undefined where it is not on
 */
export function planRollback(history: readonly PastValue[], alarmedAtMs: number | undefined): RollbackPlan {
  const current = history.at(-1);
  const chosen = lastChosen(history);
  if (current === undefined || chosen === undefined) return STAY;
  if (chosen !== current) return rolledBack(chosen.value) === current.value ? STAY : write(chosen);

  if (alarmedAtMs === undefined || !mayUseConsensus(current.value)) return STAY;
  return isForcedSince(current, alarmedAtMs) ? { action: 'stay', isForced: true } : write(current);
}

const STAY: RollbackPlan = { action: 'stay', isForced: false };

function write(from: PastValue): RollbackPlan {
  return { action: 'write', value: rolledBack(from.value), from };
}

/** The latest value that is not a rollback's: what its writer chose. */
function lastChosen(history: readonly PastValue[]): PastValue | undefined {
  return history.findLast((value, n) => !isRollback(value, history.slice(0, n)));
}

/** A description alone proves nothing: SSM keeps the former one where a writer gives none. */
function isRollback({ description, value }: PastValue, earlier: readonly PastValue[]): boolean {
  return isRollbackDescription(description) && earlier.some((past) => rolledBack(past.value) === value);
}

/** Where settings are invalid, functions go by what they last read, and nobody knows what that was. */
export function mayUseConsensus(value: string): boolean {
  const read = readSettings(value);
  return !read.ok || effectivePercent(read.settings) > 0;
}

/** Somebody who forced settings while the alarm was on knew of it, but not of a later time that it went off. */
function isForcedSince({ value, changedAtMs }: PastValue, alarmedAtMs: number): boolean {
  const read = readSettings(value);
  return read.ok && read.settings.forced === true && changedAtMs >= alarmedAtMs;
}

/** A parameter's value in mode `legacy`: all other keys as they were, or the defaults where those are invalid. */
export function rolledBack(value: string): string {
  const { forced: _, ...kept }: { readonly forced?: unknown } = objectIn(value);
  const back = JSON.stringify({ ...kept, ...cutoverTo('legacy', undefined) });
  return readSettings(back).ok ? back : JSON.stringify(DEFAULT_SETTINGS);
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
