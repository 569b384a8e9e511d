import type { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';

/**
 * Makes a command be sent a single time, however often its client repeats calls that fail: SSM cannot tell a repeated
 * write from somebody else's, and a repetition would undo what came in between.
 */
export function sendOnce<Command extends PutParameterCommand | DeleteParameterCommand>(
  command: Command,
): Command {
  const { middlewareStack } = command as PutParameterCommand;
  middlewareStack.add((next) => async (args) => await next(args), RETRIES);
  return command;
}

/** The place of the SDK's own middleware that repeats calls; a test sees that it is still there. */
const RETRIES = {
  name: 'retryMiddleware',
  step: 'finalizeRequest',
  priority: 'high',
  override: true,
} as const;
