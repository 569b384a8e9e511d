import type { SSMClient } from '@aws-sdk/client-ssm';
import type { RaisedAlarm } from './alarm-event.ts';
import { effectivePercent } from './canary.ts';
import { overwriteParameter } from './overwrite-parameter.ts';
import { parameterHistory } from './parameter-history.ts';
import { cutoverText } from './plan-change.ts';
import { planRollback, rolledBack } from './plan-rollback.ts';
import { readSettings } from './settings.ts';
import { getParameter, type ParameterValue } from './settings-parameter.ts';

export type RollbackOutcome =
  /** Rolled back; also by an earlier call for the same alarm, whose word may not have come through. */
  | { readonly status: 'rolled_back'; readonly version: number; readonly description: string }
  /** The consensus score is used for no address anyway. */
  | { readonly status: 'stayed'; readonly version: number; readonly cutover: string }
  /** The settings were changed after the alarm went off, and are as they were then. */
  | {
      readonly status: 'ignored';
      readonly version: number;
      readonly cutover: string;
      readonly usesConsensus: boolean;
    };

/**
 * Sets a parameter's mode to `legacy` because of an alarm, as far as that is a way back, and notes the reason and what
 * it was as the new value's description, which the history shows.
 *
 * Calling it again for the same alarm, or late, changes nothing.
 *
 * @throws {ParameterError}
 */
export async function rollBack(
  client: SSMClient,
  name: string,
  alarm: RaisedAlarm,
): Promise<RollbackOutcome> {
  const before = await getParameter(client, name);
  const plan = planRollback(before, alarm.atMs);
  if (plan.action === 'roll_back') return await writeRollback(client, name, before, plan.value, alarm);

  const { version } = before;
  const read = readSettings(before.value);
  const cutover = read.ok ? cutoverText(read.settings) : 'invalid';
  if (plan.action === 'stay') return { status: 'stayed', version, cutover };

  const description = await latestDescription(client, name);
  if (description.includes(occasionOf(alarm))) return { status: 'rolled_back', version, description };
  const usesConsensus = !read.ok || effectivePercent(read.settings) > 0;
  return { status: 'ignored', version, cutover, usesConsensus };
}

/** Somebody who writes as often in so short a time is not a person. */
const MAX_REPEATS = 5;

/**
 * Writes the value, and writes again what it covered: SSM writes unconditionally, but numbers what it writes. The way
 * back is not given up for a change that came between, but its other settings are kept.
 *
 * ```
 * seen v7 ------------------- write: v8                                   done
 * seen v7 - somebody: v8 ---- write: v9 - v8 in mode legacy: v10          done
 * seen v7 - the same rollback, invoked twice: v8 ---- write: v9           done: v8 says the same
 * ```
 */
async function writeRollback(
  client: SSMClient,
  name: string,
  before: ParameterValue,
  value: string,
  alarm: RaisedAlarm,
): Promise<RollbackOutcome> {
  const description = describe(before, alarm);
  let expected = before.version + 1;
  let written = value;
  let version = await overwriteParameter(client, name, written, description);
  for (let repeats = 0; version !== expected && repeats < MAX_REPEATS; repeats++) {
    const covered = await getParameter(client, `${name}:${version - 1}`);
    const wanted = rolledBack(covered.value);
    if (wanted === written) break;
    written = wanted;
    expected = version + 1;
    version = await overwriteParameter(client, name, written, description);
  }
  return { status: 'rolled_back', version, description };
}

/** SSM takes 1024 characters. */
const DESCRIPTION_LENGTH = 1_024;

function describe({ value, version }: ParameterValue, alarm: RaisedAlarm): string {
  const read = readSettings(value);
  const was = read.ok ? cutoverText(read.settings) : 'invalid settings';
  const causes = alarm.causes.length === 0 ? '' : `, set off by ${alarm.causes.join(', ')}`;
  return `rolled back from ${was} (version ${version}): ${occasionOf(alarm)}${causes}`.slice(
    0,
    DESCRIPTION_LENGTH,
  );
}

/** Tells one alarm's going off from any other. */
export function occasionOf({ name, atMs }: RaisedAlarm): string {
  return `${name} went off at ${new Date(atMs).toISOString()}`;
}

async function latestDescription(client: SSMClient, name: string): Promise<string> {
  let latest = '';
  for await (const { description } of parameterHistory(client, name)) latest = description;
  return latest;
}
