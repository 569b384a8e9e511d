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
  /** Keeps the stack's state; without, it lives in memory. */
  readonly dataDir: string | undefined;
  /** CIDR blocks of the site's own public addresses, instead of the definition's. */
  readonly homeNetworks: readonly string[];
  /** What the settings are to be, given those of an earlier run. */
  readonly settings: ChooseSettings;
  /** Port of the queues; any free ones without. */
  readonly firstPort?: number | undefined;
  /** Looks addresses up in made-up sources on this machine. */
  readonly simulateProviders: boolean;
  /** Lists that are in the table from the beginning. */
  readonly lists?: readonly WholeList[];
}

/** An embedded stack fetches nothing by itself: whoever wants lists in it says which. */
const NO_FEEDS = { FEEDS: JSON.stringify({ catalogue: false }) };

/** Gets what the stack has to say while it runs. */
export interface StackListener {
  /** Called before the templates and functions are built, which takes several seconds. */
  readonly onSynthesis?: () => void;
  /** A line that a function printed. */
  readonly onLogLine: (line: string) => void;
  readonly onNotification: (notification: { readonly subject: string }) => void;
  /** What was put on the bus. */
  readonly onEvent?: (put: { readonly event: { readonly detail: object } }) => void;
}

/**
 * Starts the embedded stack with the function and definitions that would be deployed, lets `use` work with the stack
 * and puts everything away again, also after an error or an interruption.
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
      // Alarms are evaluated each minute: a run of the sample is over before.
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
