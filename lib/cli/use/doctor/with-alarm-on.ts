import { type CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { toServiceError } from '../../../aws/service-error.ts';
import type { AlarmState } from '../../../cutover/plan-change.ts';
import { watchInterruption } from '../interruption.ts';
import type { DescribedAlarm } from './alarms.ts';

/** What CloudWatch shows, and what the mail about the alarm says. */
const REASON = 'Rehearsal by `threat-consensus doctor`: nothing is wrong';

/**
 * Sets an alarm that is not composite off by hand while something is done, and sets it back however that ends, also when
 * it is interrupted. Should the process be killed, CloudWatch puts it right when it next evaluates the alarm.
 *
 * @param work gets what sets the alarm off once more, since CloudWatch may have evaluated it meanwhile
 *
 * @throws {InterruptedError}
 * @throws {ServiceError} if it can't be set back
 */
export async function withAlarmOn<Result>(
  client: CloudWatchClient,
  { name, state }: Pick<DescribedAlarm, 'name' | 'state'>,
  work: (setOffAgain: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const set = async (StateValue: AlarmState, StateReason: string) => {
    await client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue, StateReason }));
  };
  const interruption = watchInterruption();
  try {
    await set('ALARM', REASON);
    return await Promise.race([work(() => set('ALARM', REASON)), interruption.promise]);
  } finally {
    interruption.forget();
    await set(state, 'The rehearsal by `threat-consensus doctor` is over').catch((cause: unknown) => {
      throw toServiceError(cause, `set ${name} back to ${state}, which CloudWatch will do by itself`);
    });
  }
}
