import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleHandler } from '../../local/bundle.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { watchInterruption } from '../interruption.ts';
import { warningOf } from '../output/function-log.ts';
import { simulateLookUps } from './simulate-look-ups.ts';

const HANDLER = fileURLToPath(new URL('../../../functions/score-connections/handler.ts', import.meta.url));

export interface ServiceOptions {
  /** Keeps the stack's state; without, it lives in memory. */
  readonly dataDir: string | undefined;
  /** CIDR blocks of the site's own public addresses. */
  readonly homeNetworks: readonly string[];
  /** What the settings are to be, given those of an earlier run. */
  readonly settings: (current: string | undefined) => string;
  /** Looks addresses up in made-up sources on this machine. */
  readonly simulateProviders: boolean;
}

/**
 * Bundles the function, starts the embedded stack with it, lets `use` work with the stack and puts everything
 * away again, also after an error or an interruption.
 *
 * @throws {InterruptedError} on the first SIGINT or SIGTERM while `use` works; a second one ends the process
 */
export async function withLocalStack<Result>(
  { dataDir, homeNetworks, settings, simulateProviders }: ServiceOptions,
  use: (stack: LocalStack) => Promise<Result>,
): Promise<Result> {
  const interruption = watchInterruption();
  const folder = await mkdtemp(join(tmpdir(), 'threat-consensus-'));
  const simulation = simulateProviders ? await simulateLookUps() : undefined;
  let stack: LocalStack | undefined;
  try {
    const bundlePath = await bundleHandler(HANDLER, join(folder, 'handler.mjs'));
    stack = await startLocalStack({
      bundlePath,
      onLogLine: (line) => warn(warningOf(line)),
      functionEnvironment: { HOME_NETWORKS: homeNetworks.join(','), ...simulation?.functionEnvironment },
      ...(simulation !== undefined && { prepare: ({ ssm }) => simulation.storeKeys(ssm) }),
      settings,
      ...(dataDir !== undefined && { dataDir }),
    });
    return await Promise.race([use(stack), interruption.promise]);
  } finally {
    await stack?.stop();
    await simulation?.stop();
    await rm(folder, { recursive: true, force: true });
    interruption.forget();
  }
}

function warn(warning: string | undefined): void {
  if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
}
