import { effectivePercent } from './canary.ts';
import { cutoverTo } from './plan-change.ts';
import { DEFAULT_SETTINGS, readSettings } from './settings.ts';
import type { ParameterValue } from './settings-parameter.ts';

export type RollbackPlan =
  | { readonly action: 'roll_back'; readonly value: string }
  /** The consensus score is used for no address: there is nothing to take back, and a shadow's evidence to lose. */
  | { readonly action: 'stay' }
  /** The settings were changed after the alarm went off: by somebody who knew better, or by an earlier rollback. */
  | { readonly action: 'ignore' };

/**
 * Decides what an alarm means for the settings.
 *
 * @param alarmedAtMs when the alarm went off, epoch milliseconds
 */
export function planRollback(
  { value, changedAtMs }: Pick<ParameterValue, 'value' | 'changedAtMs'>,
  alarmedAtMs: number,
): RollbackPlan {
  if (alarmedAtMs < changedAtMs) return { action: 'ignore' };
  const read = readSettings(value);
  // Where the settings are invalid, functions go by what they last read, and nobody knows what that was.
  if (read.ok && effectivePercent(read.settings) === 0) return { action: 'stay' };
  return { action: 'roll_back', value: rolledBack(value) };
}

/** A parameter's value in mode `legacy`: all other keys as they were, or the defaults where those are invalid. */
export function rolledBack(value: string): string {
  const kept = JSON.stringify({ ...objectIn(value), ...cutoverTo('legacy', undefined) });
  return readSettings(kept).ok ? kept : JSON.stringify(DEFAULT_SETTINGS);
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
