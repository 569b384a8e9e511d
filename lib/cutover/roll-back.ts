import type { SSMClient } from '@aws-sdk/client-ssm';
import type { RaisedAlarm } from './alarm-event.ts';
import { failureOf } from './change-parameter.ts';
import { overwriteParameter } from './overwrite-parameter.ts';
import { type PastValue, parameterHistory } from './parameter-history.ts';
import { cutoverText } from './plan-change.ts';
import { mayUseConsensus, planRollback } from './plan-rollback.ts';
import { isOfRun, isRollbackDescription, reasonOf, rollbackDescription } from './rollback-description.ts';
import { readSettings } from './settings.ts';

/** The settings as they were at the last look. */
export interface SettingsSeen {
  readonly version: number;
  /** `parallel 25 %`, or `invalid`. */
  readonly cutover: string;
  /** Whether the consensus score may be in use for any address. */
  readonly usesConsensus: boolean;
}

export type RollbackOutcome = SettingsSeen &
  (
    | {
        /** This run wrote a value, now or in an earlier attempt that was interrupted. */
        readonly status: 'rolled_back';
        /** Version and description of that value. */
        readonly written: { readonly version: number; readonly description: string };
      }
    /** There was nothing to do. */
    | { readonly status: 'stayed' }
    /** Another run had rolled it back since the alarm went off. */
    | { readonly status: 'rolled_back_before' }
    /** Somebody forced the settings since the alarm went off. */
    | { readonly status: 'forced' }
  );

/** Why settings are taken back. */
export interface RollbackReason {
  /** For the history. */
  readonly why: string;
  /** When the alarm went off, epoch milliseconds: what was forced since then stays. */
  readonly alarmedAtMs: number;
}

/**
 * Takes a parameter back to mode `legacy` because of an alarm.
 *
 * @param alarm the alarm, where it is on; without, only what an earlier rollback has written over is put right
 * @param runId names the run, for a repeated attempt to recognize what an interrupted one wrote; empty for none
 * @throws {ServiceError} where the parameter can't be read or written
 */
export async function rollBack(
  client: SSMClient,
  name: string,
  alarm: RaisedAlarm | undefined,
  runId = '',
): Promise<RollbackOutcome> {
  const reason = alarm && { why: reasonOf(alarm), alarmedAtMs: alarm.atMs };
  return await takeBack(client, name, reason, runId);
}

/** More writes than this, against somebody who never stops writing, are for another run. */
const MAX_WRITES = 5;

/**
 * Takes a parameter back to mode `legacy` as far as what is there asks for it, and looks again until nothing is left to
 * do. It acts on what it finds, so it can be called again, late, or by several at once.
 *
 * @throws {ServiceError} where the parameter can't be read or written
 */
export async function takeBack(
  client: SSMClient,
  name: string,
  reason: RollbackReason | undefined,
  runId = '',
): Promise<RollbackOutcome> {
  const descriptions = new Set<string>();
  let failure: Error | undefined;
  for (let writes = 0; ; writes++) {
    const history = await Array.fromAsync(parameterHistory(client, name));
    const plan = planRollback(history, reason?.alarmedAtMs);
    if (plan.action === 'stay') {
      const isOwn = (description: string) => descriptions.has(description) || isOfRun(description, runId);
      return outcomeOf(history, isOwn, plan.isForced ? 'forced' : staying(history, reason));
    }
    if (writes === MAX_WRITES) throw failure ?? new Error(`${name} is written over all the time`);
    const description = rollbackDescription(plan.from, reason?.why, runId);
    descriptions.add(description);
    failure = await failureOf(overwriteParameter(client, name, plan.value, description));
  }
}

function outcomeOf(
  history: readonly PastValue[],
  isOwn: (description: string) => boolean,
  otherwise: 'forced' | 'stayed' | 'rolled_back_before',
): RollbackOutcome {
  const seen = settingsSeen(history);
  // Others may write without a description of their own, and SSM keeps the former one then; but a rollback is legacy.
  const written = history.findLast(({ description, value }) => isOwn(description) && !mayUseConsensus(value));
  if (written === undefined) return { ...seen, status: otherwise };
  const { version, description } = written;
  return { ...seen, status: 'rolled_back', written: { version, description } };
}

function staying(
  history: readonly PastValue[],
  reason: RollbackReason | undefined,
): 'stayed' | 'rolled_back_before' {
  const { description = '', changedAtMs = 0 } = history.at(-1) ?? {};
  const isSince = reason !== undefined && changedAtMs >= reason.alarmedAtMs;
  return isSince && isRollbackDescription(description) ? 'rolled_back_before' : 'stayed';
}

function settingsSeen(history: readonly PastValue[]): SettingsSeen {
  const { value = '', version = 0 } = history.at(-1) ?? {};
  const read = readSettings(value);
  return {
    version,
    cutover: read.ok ? cutoverText(read.settings) : 'invalid',
    usesConsensus: mayUseConsensus(value),
  };
}
