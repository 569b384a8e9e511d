import { type CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { toServiceError } from '../../../aws/service-error.ts';
import type { AlarmState } from '../../../cutover/plan-change.ts';
import { watchInterruption } from '../interruption.ts';
import type { DescribedAlarm } from './alarms.ts';

/** Shown in CloudWatch, and in the alarm's mail. */
const REASON = 'Rehearsal by `threat-consensus doctor`: nothing is wrong';

/**
 * Sets a metric alarm to ALARM by hand while work is done, and sets it back however that ends, even if interrupted. If
 * the process is killed, CloudWatch corrects the state at its next evaluation.
 *
 * @param work called with a function that sets the alarm again, since CloudWatch may have evaluated it meanwhile
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
