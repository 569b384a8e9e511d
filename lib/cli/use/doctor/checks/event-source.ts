import { type EventSourceMappingConfiguration, GetEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';

export const eventSourceCheck: Check = {
  name: 'event source',
  parts: ['eventSource'],
  actions: ['lambda:GetEventSourceMapping'],
  run: async ({ clients, nameOf }) =>
    judgeEventSource(
      await clients.lambda.send(new GetEventSourceMappingCommand({ UUID: nameOf('eventSource') })),
    ),
};

/** Checks whether Lambda reads the work queue. Its last result is often absent for queues. */
export function judgeEventSource({
  UUID = '',
  State = 'unknown',
  StateTransitionReason = '',
  LastProcessingResult,
}: EventSourceMappingConfiguration): Finding {
  if (/^(?:Creating|Enabling|Updating)$/.test(State)) {
    return warn(`it is ${State.toLowerCase()}`, 'wait a minute and check again');
  }
  if (State !== 'Enabled') {
    return fail(
      `it is ${State.toLowerCase()} (${StateTransitionReason}): nothing reads the work queue`,
      `aws lambda update-event-source-mapping --uuid ${UUID} --enabled`,
    );
  }
  if (LastProcessingResult?.startsWith('PROBLEM')) {
    return fail(
      `it is enabled, and its last result is "${LastProcessingResult}"`,
      "look at the function's log and the permissions of its role",
    );
  }
  return pass(LastProcessingResult ? `enabled; last result: ${LastProcessingResult}` : 'enabled');
}
