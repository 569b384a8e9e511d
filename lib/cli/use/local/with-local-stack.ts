import { type LocalStack, startLocalStack } from '../../../local/stack.ts';
import { deployedService } from '../../../local/template/deployed-service.ts';
import { warningOf } from '../../output/function-log.ts';
import { printable } from '../../output/terminal.ts';
import { watchInterruption } from '../interruption.ts';
import { simulateLookUps } from './simulate-look-ups.ts';

export interface ServiceOptions {
  /** Keeps the stack's state; without, it lives in memory. */
  readonly dataDir: string | undefined;
  /** CIDR blocks of the site's own public addresses, instead of the definition's. */
  readonly homeNetworks: readonly string[];
  /** What the settings are to be, given those of an earlier run. */
  readonly settings: (current: string | undefined) => string;
  /** Looks addresses up in made-up sources on this machine. */
  readonly simulateProviders: boolean;
}

/**
 * Starts the embedded stack with the function and definitions that would be deployed, lets `use` work with the stack and puts everything
 * away again, also after an error or an interruption.
 *
 * @throws {InterruptedError} on the first SIGINT or SIGTERM while `use` works; a second one ends the process
 */
export async function withLocalStack<Result>(
  { dataDir, homeNetworks, settings, simulateProviders }: ServiceOptions,
  use: (stack: LocalStack) => Promise<Result>,
): Promise<Result> {
  const interruption = watchInterruption();
  const simulation = simulateProviders ? await simulateLookUps() : undefined;
  let stack: LocalStack | undefined;
  try {
    stack = await startLocalStack({
      ...(await deployedService()),
      onLogLine: (line) => warn(warningOf(line)),
      // Alarms are evaluated each minute: a run of the sample is over before.
      onNotification: ({ subject }) => process.stderr.write(`notification: ${printable(subject)}\n`),
      functionEnvironment: {
        ...(homeNetworks.length > 0 && { HOME_NETWORKS: homeNetworks.join(',') }),
        ...simulation?.functionEnvironment,
      },
      ...(simulation !== undefined && { prepare: ({ ssm }) => simulation.storeKeys(ssm) }),
      settings,
      ...(dataDir !== undefined && { dataDir }),
    });
    return await Promise.race([use(stack), interruption.promise, stack.failed]);
  } finally {
    await stack?.stop();
    await simulation?.stop();
    interruption.forget();
  }
}

function warn(warning: string | undefined): void {
  if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
}
