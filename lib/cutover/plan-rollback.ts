import { effectivePercent } from './canary.ts';
import type { PastValue } from './parameter-history.ts';
import { cutoverTo } from './plan-change.ts';
import { isRollbackDescription } from './rollback-description.ts';
import { DEFAULT_SETTINGS, readSettings } from './settings.ts';
import type { ParameterValue, ValueInForce } from './stored-settings.ts';

/** All that is stored of an environment's settings. */
export interface KnownSettings {
  /** Values of the settings, the oldest first; none if nobody has set any, or since a reset. */
  readonly history: readonly PastValue[];
  /** Undefined if they do not exist, or where {@link dependsOnInitial} says that they do not matter. */
  readonly initial: ParameterValue | undefined;
}

export type RollbackPlan =
  /** Write `value`: `from` in mode `legacy`. */
  | { readonly action: 'write'; readonly value: string; readonly from: ValueInForce }
  /** There is nothing to do; `isForced` where that is so because somebody forced the settings despite the alarm. */
  | { readonly action: 'stay'; readonly isForced: boolean };

/** A value, and what its writer said about it; of the initial ones nothing. */
type Link = ValueInForce & Pick<PastValue, 'description'>;

/**
 * Decides what there is to do about the settings, from what is there and nothing else.
 *
 * While the alarm is on, settings that use the consensus score for any address, or are invalid, go back to `legacy`; the
 * initial ones too, by settings in their place. And whether it is on or not: where a rollback has written over a value
 * that came just before it, or over a reset, the other settings of that value, or of the initial ones, are put in force,
 * still in mode `legacy`.
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

/** Whether what is to be done depends on the initial settings: where there are no others, or a rollback created those. */
export function dependsOnInitial([first]: readonly PastValue[]): boolean {
  return first === undefined || isOfRollback({ ...first, source: 'operator' });
}

/** What was in force, one after the other, as far as it matters. */
function chainOf({ history, initial }: KnownSettings): readonly Link[] {
  const links = history.map((past): Link => ({ ...past, source: 'operator' }));
  if (initial === undefined || !dependsOnInitial(history)) return links;
  return [{ ...initial, source: 'initial', description: '' }, ...links];
}

/** The latest value that is not a rollback's: what its writer chose. */
function lastChosen(chain: readonly Link[]): Link | undefined {
  return chain.findLast((link, n) => !isRollback(link, chain.slice(0, n)));
}

function isRollback(link: Link, earlier: readonly Link[]): boolean {
  const isDerived = ({ value }: Link) => rolledBack(value) === link.value;
  return isRollbackDescription(link.description) && (isOfRollback(link) || earlier.some(isDerived));
}

/**
 * Whether a rollback created the settings, in place of the initial ones or amid a reset. Of later versions a description
 * alone proves nothing: SSM keeps the former one where a writer gives none.
 */
function isOfRollback({ source, version, description, value }: Link): boolean {
  const isFirst = source === 'operator' && version === 1;
  return isFirst && isRollbackDescription(description) && !mayUseConsensus(value);
}

/** Where settings are invalid, functions go by what they last read, and nobody knows what that was. */
export function mayUseConsensus(value: string): boolean {
  const read = readSettings(value);
  return !read.ok || effectivePercent(read.settings) > 0;
}

/** Somebody who forced settings while the alarm was on knew of it, but not of a later time that it went off. */
function isForcedSince({ value, changedAtMs }: Link, alarmedAtMs: number): boolean {
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
