import type { SSMClient } from '@aws-sdk/client-ssm';
import type { AlarmState } from '../../../cutover/plan-change.ts';
import type { SettingsNames } from '../../../cutover/stored-settings.ts';

/** An environment's settings, and the alarm that guards changes to them. */
export interface SettingsTarget {
  readonly client: SSMClient;
  readonly names: SettingsNames;
  /** Reads the state of the rollback alarm; absent if there is none. */
  readonly rollbackAlarm?: () => Promise<AlarmState>;
}
