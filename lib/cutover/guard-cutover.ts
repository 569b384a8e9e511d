import type { SSMClient } from '@aws-sdk/client-ssm';
import type { RaisedAlarm } from './alarm-event.ts';
import type { AlarmReading } from './alarm-reading.ts';
import { type RollbackOutcome, rollBack } from './roll-back.ts';
import { type Notice, rollbackNotice } from './rollback-notice.ts';
import { type RollbackTrigger, readTrigger } from './rollback-trigger.ts';
import type { SettingsNames } from './stored-settings.ts';

/** What the rollback of a deployment works on. */
export interface CutoverGuard {
  /** Whose rollback it is, as `threat-consensus-prod`. */
  readonly service: string;
  readonly client: SSMClient;
  readonly names: SettingsNames;
  /** Name of the alarm that takes the settings back. */
  readonly alarm: string;
  /** Asks for that alarm's present state; undefined if there is no such alarm. */
  readonly readAlarm: () => Promise<AlarmReading | undefined>;
  readonly publish: (notice: Notice) => Promise<void>;
}

/** What a run found and did. */
export interface GuardReport {
  readonly trigger: RollbackTrigger;
  /** The alarm, where it was on. */
  readonly alarm: RaisedAlarm | undefined;
  readonly outcome: RollbackOutcome;
  /** What was published; undefined for nothing. */
  readonly notice: Notice | undefined;
}

/**
 * One run of the rollback: while the alarm is on, it takes back settings that use the consensus score, whatever
 * invoked it. What it changed is published; of what it did not change, only where an alarm going off invoked it.
 *
 * What fails is thrown, for the invocation to be repeated with the event as it is: a repetition does what is still to
 * be done, and publishes what an interrupted attempt has done.
 *
 * @throws {TriggerError}, {AlarmEventError}, {ServiceError}, or what asking for the alarm and publishing throw
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

/** An event is believed where CloudWatch can't be asked, or still describes what was before the event. */
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
