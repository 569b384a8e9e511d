import type { SSMClient } from '@aws-sdk/client-ssm';
import type { AlarmState } from '../../../cutover/plan-change.ts';
import type { SettingsNames } from '../../../cutover/stored-settings.ts';

/** An environment's settings, and what guards a change of them. */
export interface SettingsTarget {
  readonly client: SSMClient;
  readonly names: SettingsNames;
  /** Asks for the state of the alarm that takes the environment back; absent if there is none. */
  readonly rollbackAlarm?: () => Promise<AlarmState>;
}
