import type { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';

/**
 * Sends a command only once, even if its client retries failed calls: SSM cannot distinguish a retried write from
 * someone else's, and a retry would undo a write in between.
 */
export function sendOnce<Command extends PutParameterCommand | DeleteParameterCommand>(
  command: Command,
): Command {
  const { middlewareStack } = command as PutParameterCommand;
  middlewareStack.add((next) => async (args) => await next(args), RETRIES);
  return command;
}

/** The position of the SDK's own retry middleware; a test checks that it is still there. */
const RETRIES = {
  name: 'retryMiddleware',
  step: 'finalizeRequest',
  priority: 'high',
  override: true,
} as const;
