import type { SSMClient } from '@aws-sdk/client-ssm';
import type { RaisedAlarm } from './alarm-event.ts';
import type { AlarmReading } from './alarm-reading.ts';
import { type RollbackOutcome, rollBack } from './roll-back.ts';
import { type Notice, rollbackNotice } from './rollback-notice.ts';
import { type RollbackTrigger, readTrigger } from './rollback-trigger.ts';
import type { SettingsNames } from './stored-settings.ts';

/** Dependencies of a deployment's rollback. */
export interface CutoverGuard {
  /** Name of the service, as in `threat-consensus-prod`. */
  readonly service: string;
  readonly client: SSMClient;
  readonly names: SettingsNames;
  /** Name of the alarm that triggers the rollback. */
  readonly alarm: string;
  /** Reads that alarm's current state; undefined if there is no such alarm. */
  readonly readAlarm: () => Promise<AlarmReading | undefined>;
  readonly publish: (notice: Notice) => Promise<void>;
}

/** The findings and actions of a run. */
export interface GuardReport {
  readonly trigger: RollbackTrigger;
  /** The alarm, if it was on. */
  readonly alarm: RaisedAlarm | undefined;
  readonly outcome: RollbackOutcome;
  /** The published notice; undefined for none. */
  readonly notice: Notice | undefined;
}

/**
 * One run of the rollback: while the alarm is on, it rolls back settings that use the consensus score, whatever invoked
 * it. Changes are published; if nothing was changed, a notice is published only if an alarm going off invoked the run.
 *
 * Failures are thrown, so that the invocation is retried with the same event: a retry does what is still to be done,
 * and publishes what an interrupted attempt did.
 *
 * @throws {TriggerError}, {AlarmEventError}, {ServiceError}, or what reading the alarm and publishing throw
 */
export async function guardCutover(guard: CutoverGuard, event: unknown): Promise<GuardReport> {
  const trigger = readTrigger(event);
  const raised = trigger.kind === 'alarm' ? trigger.alarm : undefined;
  const alarm = await alarmThatIsOn(guard, raised);
  const { client, names, service } = guard;
  const outcome = await rollBack(client, names, alarm, trigger.id);
  const parameter = names.settings;
  const notice = rollbackNotice({ service, parameter, outcome, raised, isOn: alarm !== undefined });
  if (notice !== undefined) await guard.publish(notice);
  return { trigger, alarm, outcome, notice };
}

/** The event is trusted if CloudWatch can't be read, or still returns the state before the event. */
async function alarmThatIsOn(
  { alarm: name, readAlarm }: CutoverGuard,
  raised: RaisedAlarm | undefined,
): Promise<RaisedAlarm | undefined> {
  let reading: AlarmReading | undefined;
  try {
    reading = await readAlarm();
  } catch (error) {
    if (raised === undefined) throw error;
    return raised;
  }
  if (raised !== undefined && raised.atMs > (reading?.sinceMs ?? 0)) return raised;
  if (reading === undefined) throw new Error(`there is no alarm ${name}`);
  return reading.state === 'ALARM' ? { name, atMs: reading.sinceMs, causes: reading.causes } : undefined;
}
