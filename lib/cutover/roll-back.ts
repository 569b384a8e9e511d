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

/** The settings in force as they were at the last look. */
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
    /** Another run had rolled them back since the alarm went off. */
    | { readonly status: 'rolled_back_before' }
    /** Somebody forced the settings since the alarm went off. */
    | { readonly status: 'forced' }
  );

/** Settings that a run wrote. */
interface Written {
  readonly version: number;
  readonly description: string;
}

/** Why settings are taken back. */
export interface RollbackReason {
  /** For the history. */
  readonly why: string;
  /** When the alarm went off, epoch milliseconds: what was forced since then stays. */
  readonly alarmedAtMs: number;
}

/**
 * Takes an environment back to mode `legacy` because of an alarm.
 *
 * @param alarm the alarm, where it is on; without, only what an earlier rollback has written over is put right
 * @param runId names the run, for a repeated attempt to recognize what an interrupted one wrote; empty for none
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

/** More writes than this, against somebody who never stops writing, are for another run. */
const MAX_WRITES = 5;

/**
 * Takes an environment back to mode `legacy` as far as what is there asks for it, and looks again until nothing is left
 * to do. It acts on what it finds, so it can be called again, late, or by several at once. Where nobody has set anything,
 * the first settings are created, and never over somebody else's.
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

/** The latest of the run's own settings, those of an interrupted attempt included; a reset takes them out of sight. */
function lastWritten(
  { history }: KnownSettings,
  isOwn: (description: string) => boolean,
): Written | undefined {
  // Others may write without a description of their own, and SSM keeps the former one then; but a rollback is legacy.
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
