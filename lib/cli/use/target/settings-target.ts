import type { SSMClient } from '@aws-sdk/client-ssm';
import type { AlarmState } from '../../../cutover/plan-change.ts';

/** An environment's settings, and what guards a change of them. */
export interface SettingsTarget {
  readonly client: SSMClient;
  /** Name of the parameter. */
  readonly name: string;
  /** Asks for the state of the alarm that takes the environment back; absent where there is none. */
  readonly rollbackAlarm?: () => Promise<AlarmState>;
}
