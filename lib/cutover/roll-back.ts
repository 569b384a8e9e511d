import type { SSMClient } from '@aws-sdk/client-ssm';
import { ServiceError } from '../aws/service-error.ts';
import type { RaisedAlarm } from './alarm-event.ts';
import { failureOf } from './change-settings.ts';
import { parameterHistory } from './parameter-history.ts';
import { cutoverText } from './plan-change.ts';
import { dependsOnInitial, type KnownSettings, mayUseConsensus, planRollback } from './plan-rollback.ts';
import { isOfRun, isRollbackDescription, reasonOf, rollbackDescription } from './rollback-description.ts';
import { readSettings } from './settings.ts';
import { readStoredSettings, type SettingsNames, type SettingsSource } from './stored-settings.ts';
import { writeSettings } from './write-settings.ts';

/** The settings in force at the last read. */
export interface SettingsSeen {
  readonly source: SettingsSource;
  readonly version: number;
  /** `parallel 25 %`, or `invalid`. */
  readonly cutover: string;
  /** Whether the consensus score may be in use for any address. */
  readonly usesConsensus: boolean;
}

export type RollbackOutcome = SettingsSeen &
  (
    | {
        /** This run wrote settings, now or in an earlier attempt that was interrupted. */
        readonly status: 'rolled_back';
        readonly written: Written;
      }
    /** There was nothing to do. */
    | { readonly status: 'stayed' }
    /** Another run has rolled them back since the alarm went off. */
    | { readonly status: 'rolled_back_before' }
    /** The settings were forced since the alarm went off. */
    | { readonly status: 'forced' }
  );

/** Settings that a run wrote. */
interface Written {
  readonly version: number;
  readonly description: string;
}

/** Why settings are rolled back. */
export interface RollbackReason {
  /** The text for the history. */
  readonly why: string;
  /** When the alarm went off, epoch milliseconds: settings forced since then stay. */
  readonly alarmedAtMs: number;
}

/**
 * Takes an environment back to mode `legacy` because of an alarm.
 *
 * @param alarm the alarm, if it is on; without one, only settings overwritten by an earlier rollback are restored
 * @param runId identifies the run, so that a retry recognizes what an interrupted attempt wrote; empty for none
 * @throws {ServiceError} if the settings can't be read or written, or there are none, not even initial ones
 */
export async function rollBack(
  client: SSMClient,
  names: SettingsNames,
  alarm: RaisedAlarm | undefined,
  runId = '',
): Promise<RollbackOutcome> {
  const reason = alarm && { why: reasonOf(alarm), alarmedAtMs: alarm.atMs };
  return await takeBack(client, names, reason, runId);
}

/** If someone keeps writing, further writes are left to another run. */
const MAX_WRITES = 5;

/**
 * Takes an environment back to mode `legacy` if its settings require it, and checks again until nothing is left to do.
 * It acts only on what it reads, so it can be repeated, delayed, or run several times at once. If there are no settings
 * yet, they are created, without ever overwriting someone else's.
 *
 * @throws {ServiceError} if the settings can't be read or written, or there are none, not even initial ones
 */
export async function takeBack(
  client: SSMClient,
  names: SettingsNames,
  reason: RollbackReason | undefined,
  runId = '',
): Promise<RollbackOutcome> {
  const descriptions = new Set<string>();
  let failure: Error | undefined;
  let own: Written | undefined;
  for (let writes = 0; ; writes++) {
    const known = await readKnown(client, names);
    const plan = planRollback(known, reason?.alarmedAtMs);
    if (plan.action === 'stay') {
      const isOwn = (description: string) => descriptions.has(description) || isOfRun(description, runId);
      const written = lastWritten(known, isOwn) ?? own;
      const seen = settingsSeen(known);
      if (written !== undefined) return { ...seen, status: 'rolled_back', written };
      return { ...seen, status: plan.isForced ? 'forced' : staying(known, reason) };
    }
    if (writes === MAX_WRITES) throw failure ?? new Error(`${names.settings} keeps being overwritten`);
    const description = rollbackDescription(plan.from, reason?.why, runId);
    descriptions.add(description);
    const kind = known.history.length === 0 ? 'create' : 'overwrite';
    const write = async () => {
      const version = await writeSettings(client, names.settings, kind, { value: plan.value, description });
      own = { version, description };
    };
    failure = await failureOf(write());
  }
}

/** @throws {ServiceError} if they can't be read, or there are neither */
async function readKnown(client: SSMClient, names: SettingsNames): Promise<KnownSettings> {
  const history = await Array.fromAsync(parameterHistory(client, names.settings));
  if (!dependsOnInitial(history)) return { history, initial: undefined };
  const { initial } = await readStoredSettings(client, names);
  if (history.length > 0 || initial !== undefined) return { history, initial };
  throw new ServiceError('missing', `there is neither ${names.settings} nor ${names.initial}`);
}

/** The latest settings written by this run, including an interrupted attempt; a reset removes them from the history. */
function lastWritten(
  { history }: KnownSettings,
  isOwn: (description: string) => boolean,
): Written | undefined {
  // Others may write without a description, and SSM then keeps the previous one; but settings of a rollback are in mode
  // `legacy`.
  const past = history.findLast(({ description, value }) => isOwn(description) && !mayUseConsensus(value));
  return past && { version: past.version, description: past.description };
}

function staying(
  { history }: KnownSettings,
  reason: RollbackReason | undefined,
): 'stayed' | 'rolled_back_before' {
  const { description = '', changedAtMs = 0 } = history.at(-1) ?? {};
  const isSince = reason !== undefined && changedAtMs >= reason.alarmedAtMs;
  return isSince && isRollbackDescription(description) ? 'rolled_back_before' : 'stayed';
}

function settingsSeen({ history, initial }: KnownSettings): SettingsSeen {
  const last = history.at(-1);
  const { value, version } = last ?? initial ?? { value: '', version: 0 };
  const read = readSettings(value);
  return {
    source: last === undefined ? 'initial' : 'operator',
    version,
    cutover: read.ok ? cutoverText(read.settings) : 'invalid',
    usesConsensus: mayUseConsensus(value),
  };
}
