import { type FunctionConfiguration, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';

export const functionCheck: Check = {
  name: 'function',
  parts: ['scoringFunction'],
  actions: ['lambda:GetFunctionConfiguration'],
  isDeployedOnly: true,
  run: async ({ clients, nameOf }) => {
    const asked = new GetFunctionConfigurationCommand({ FunctionName: nameOf('scoringFunction') });
    return judgeFunction(await clients.lambda.send(asked));
  },
};

/** An inactive function has been idle for long, and starts again when invoked. */
export function judgeFunction({
  State = 'Active',
  StateReason = '',
  LastUpdateStatus = 'Successful',
  LastUpdateStatusReason = '',
  Runtime,
}: FunctionConfiguration): Finding {
  if (State === 'Failed') return fail(`it failed to start: ${StateReason}`, 'deploy again');
  if (LastUpdateStatus === 'Failed') {
    return fail(
      `its last update failed, and the previous code is running: ${LastUpdateStatusReason}`,
      'deploy again',
    );
  }
  if (State === 'Pending' || LastUpdateStatus === 'InProgress') {
    return warn('it is being updated', 'wait a minute and check again');
  }
  return pass(`it is ${State.toLowerCase()}, on ${Runtime}`);
}
