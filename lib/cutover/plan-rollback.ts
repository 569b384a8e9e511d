import { effectivePercent } from './canary.ts';
import type { PastValue } from './parameter-history.ts';
import { cutoverTo } from './plan-change.ts';
import { isRollbackDescription } from './rollback-description.ts';
import { DEFAULT_SETTINGS, readSettings } from './settings.ts';
import type { ParameterValue, ValueInForce } from './stored-settings.ts';

/** Everything stored about an environment's settings. */
export interface KnownSettings {
  /** Values of the settings, oldest first; none if they were never set, or not since a reset. */
  readonly history: readonly PastValue[];
  /** Undefined if they do not exist, or if they are irrelevant according to {@link dependsOnInitial}. */
  readonly initial: ParameterValue | undefined;
}

export type RollbackPlan =
  /** Write `value`: `from` in mode `legacy`. */
  | { readonly action: 'write'; readonly value: string; readonly from: ValueInForce }
  /** There is nothing to do; `isForced` if the reason is that the settings were forced despite the alarm. */
  | { readonly action: 'stay'; readonly isForced: boolean };

/** A value and its description; the initial settings have none. */
type Link = ValueInForce & Pick<PastValue, 'description'>;

/**
 * Decides what to do about the settings, from what is stored and nothing else.
 *
 * While the alarm is on, settings that use the consensus score for any address, or are invalid, go back to `legacy`; so
 * do the initial ones, by creating settings in their place. Whether it is on or not: if a rollback has overwritten a
 * value written just before it, or undone a reset, the other settings of that value, or of the initial ones, are
 * restored, still in mode `legacy`.
 *
 * @param alarmedAtMs when the alarm went off, epoch milliseconds; undefined if it is not on
 */
export function planRollback(known: KnownSettings, alarmedAtMs: number | undefined): RollbackPlan {
  const chain = chainOf(known);
  const current = chain.at(-1);
  const chosen = lastChosen(chain);
  if (current === undefined || chosen === undefined) return STAY;
  if (chosen !== current) return rolledBack(chosen.value) === current.value ? STAY : write(chosen);

  if (alarmedAtMs === undefined || !mayUseConsensus(current.value)) return STAY;
  return isForcedSince(current, alarmedAtMs) ? { action: 'stay', isForced: true } : write(current);
}

const STAY: RollbackPlan = { action: 'stay', isForced: false };

function write({ source, value, version, changedAtMs }: Link): RollbackPlan {
  return { action: 'write', value: rolledBack(value), from: { source, value, version, changedAtMs } };
}

/** Whether the decision depends on the initial settings: if there are no others, or a rollback created those. */
export function dependsOnInitial([first]: readonly PastValue[]): boolean {
  return first === undefined || isOfRollback({ ...first, source: 'operator' });
}

/** The values in force, oldest first, as far as they matter. */
function chainOf({ history, initial }: KnownSettings): readonly Link[] {
  const links = history.map((past): Link => ({ ...past, source: 'operator' }));
  if (initial === undefined || !dependsOnInitial(history)) return links;
  return [{ ...initial, source: 'initial', description: '' }, ...links];
}

/** The latest value not written by a rollback: the one that was chosen. */
function lastChosen(chain: readonly Link[]): Link | undefined {
  return chain.findLast((link, n) => !isRollback(link, chain.slice(0, n)));
}

function isRollback(link: Link, earlier: readonly Link[]): boolean {
  const isDerived = ({ value }: Link) => rolledBack(value) === link.value;
  return isRollbackDescription(link.description) && (isOfRollback(link) || earlier.some(isDerived));
}

/**
 * Whether a rollback created the settings, in place of the initial ones or during a reset. For later versions the
 * description alone proves nothing: SSM keeps the previous one if a writer gives none.
 */
function isOfRollback({ source, version, description, value }: Link): boolean {
  const isFirst = source === 'operator' && version === 1;
  return isFirst && isRollbackDescription(description) && !mayUseConsensus(value);
}

/** If settings are invalid, functions use the last valid ones they read, which are not known here. */
export function mayUseConsensus(value: string): boolean {
  const read = readSettings(value);
  return !read.ok || effectivePercent(read.settings) > 0;
}

/** Settings forced while the alarm was on take that alarm into account, but not a later one. */
function isForcedSince({ value, changedAtMs }: Link, alarmedAtMs: number): boolean {
  const read = readSettings(value);
  return read.ok && read.settings.forced === true && changedAtMs >= alarmedAtMs;
}

/** A parameter's value in mode `legacy`: all other keys unchanged, or the defaults if they are invalid. */
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
