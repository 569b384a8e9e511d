import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ChooseSettings } from '../../../local/create-resources.ts';
import { type LocalStack, startLocalStack } from '../../../local/stack.ts';
import { deployedService } from '../../../local/template/deployed-service.ts';
import { replaceList } from '../../../store/list-store.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { WholeList } from '../intel/own-lists.ts';
import { watchInterruption } from '../interruption.ts';
import { simulateLookUps } from './simulate-look-ups.ts';

export interface ServiceOptions {
  /** Directory for the stack's state; kept in memory if absent. */
  readonly dataDir: string | undefined;
  /** CIDR blocks of the site's own public addresses, overriding the definition's. */
  readonly homeNetworks: readonly string[];
  /** Chooses the settings, given those of an earlier run. */
  readonly settings: ChooseSettings;
  /** Port of the queues; any free port by default. */
  readonly firstPort?: number | undefined;
  /** Answers look-ups from simulated providers on this machine. */
  readonly simulateProviders: boolean;
  /** Lists stored in the table at the start. */
  readonly lists?: readonly WholeList[];
}

/** An embedded stack fetches no feeds by itself; the caller names the lists. */
const NO_FEEDS = { FEEDS: JSON.stringify({ catalogue: false }) };

/** Receives the stack's output while it runs. */
export interface StackListener {
  /** Called before templates and functions are built, which takes several seconds. */
  readonly onSynthesis?: () => void;
  /** A log line of a function. */
  readonly onLogLine: (line: string) => void;
  readonly onNotification: (notification: { readonly subject: string }) => void;
  /** An event put on the bus. */
  readonly onEvent?: (put: { readonly event: { readonly detail: object } }) => void;
}

/**
 * Starts the embedded stack with the functions and definitions that would be deployed, runs `use` with it, and cleans
 * up, even after an error or an interruption.
 *
 * @throws {InterruptedError} on the first SIGINT or SIGTERM while `use` works; a second one ends the process
 */
export async function withLocalStack<Result>(
  { dataDir, firstPort, homeNetworks, settings, simulateProviders, lists = [] }: ServiceOptions,
  listener: StackListener,
  use: (stack: LocalStack) => Promise<Result>,
): Promise<Result> {
  const interruption = watchInterruption();
  const simulation = simulateProviders ? await simulateLookUps() : undefined;
  let stack: LocalStack | undefined;
  try {
    const service = await deployedService(listener.onSynthesis);
    const tableName = service.definition.table.name;
    stack = await startLocalStack({
      ...service,
      onLogLine: listener.onLogLine,
      // Alarms are evaluated each minute; a run of the sample ends before that.
      onNotification: listener.onNotification,
      ...(listener.onEvent && { onEvent: listener.onEvent }),
      functionEnvironment: {
        ...(homeNetworks.length > 0 && { HOME_NETWORKS: homeNetworks.join(',') }),
        ...simulation?.functionEnvironment,
      },
      otherEnvironment: NO_FEEDS,
      prepare: async ({ ssm, dynamodb }) => {
        await simulation?.storeKeys(ssm);
        await storeLists({ client: DynamoDBDocumentClient.from(dynamodb), tableName }, lists);
      },
      settings,
      ...(dataDir !== undefined && { dataDir }),
      ...(firstPort !== undefined && { firstPort }),
    });
    return await Promise.race([use(stack), interruption.promise, stack.failed]);
  } finally {
    await stack?.stop();
    await simulation?.stop();
    interruption.forget();
  }
}

async function storeLists(table: TableAccess, lists: readonly WholeList[]): Promise<void> {
  for (const { list, chunks } of lists) await replaceList(table, list, chunks);
}
