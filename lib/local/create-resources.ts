import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { GetParametersCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { LocalStackError, messageOf } from './errors.ts';
import type {
  IndexDefinition,
  KeyAttribute,
  QueueDefinition,
  ServiceDefinition,
  TableDefinition,
} from './template/service-definition.ts';

/**
 * Chooses the settings; undefined for none.
 *
 * @param current settings from an earlier run
 * @param isFirstRun whether there was no earlier run: after one, missing settings mean that they were reset
 */
export type ChooseSettings = (current: string | undefined, isFirstRun: boolean) => string | undefined;

/**
 * Creates the queues, the table and the parameters of a definition. Those from an earlier run are kept with their
 * content; queues get the definition's attributes, and the initial settings the definition's value.
 *
 * @throws {LocalStackError} `resources_failed`
 */
export async function createResources(
  definition: ServiceDefinition,
  clients: { readonly sqs: SQSClient; readonly dynamodb: DynamoDBClient; readonly ssm: SSMClient },
  arnOf: (queueName: string) => string,
  settings: ChooseSettings,
): Promise<void> {
  try {
    await Promise.all([
      ...queuesOf(definition).map((queue) => createQueue(clients.sqs, queue, arnOf)),
      createTable(clients.dynamodb, definition.table),
      setParameters(clients.ssm, definition, settings),
    ]);
  } catch (cause) {
    const message = `Cannot create queues, table and parameters: ${messageOf(cause)}.`;
    throw new LocalStackError('resources_failed', message, { cause });
  }
}

/** All queues of a deployment. */
export function queuesOf({ queues, furtherQueues }: ServiceDefinition): QueueDefinition[] {
  return [...Object.values(queues), ...furtherQueues];
}

async function createQueue(
  client: SQSClient,
  queue: QueueDefinition,
  arnOf: (queueName: string) => string,
): Promise<void> {
  // CreateQueue fails if the queue exists with different attributes, so these are set separately.
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: queue.name }));
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: toQueueAttributes(queue, arnOf) }));
}

export function toQueueAttributes(
  queue: QueueDefinition,
  arnOf: (queueName: string) => string,
): Record<string, string> {
  return {
    MessageRetentionPeriod: String(queue.retentionSeconds),
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MaximumMessageSize: String(queue.maximumMessageBytes),
    ...(queue.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: arnOf(queue.redrive.deadLetterQueue),
        maxReceiveCount: queue.redrive.maxReceiveCount,
      }),
    }),
  };
}

async function createTable(client: DynamoDBClient, table: TableDefinition): Promise<void> {
  try {
    await client.send(new CreateTableCommand(toCreateTableInput(table)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

export function toCreateTableInput(table: TableDefinition): CreateTableCommandInput {
  const indexes = table.indexes.map(toIndexInput);
  return {
    TableName: table.name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: toKeySchema(table),
    AttributeDefinitions: toAttributeDefinitions([table, ...table.indexes]),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
  };
}

function toIndexInput(index: IndexDefinition): GlobalSecondaryIndex {
  return {
    IndexName: index.name,
    KeySchema: toKeySchema(index),
    Projection: {
      ProjectionType: index.projection.type,
      ...(index.projection.type === 'INCLUDE' && { NonKeyAttributes: [...index.projection.attributes] }),
    },
  };
}

interface Keyed {
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
}

function toKeySchema({ partitionKey, sortKey }: Keyed): KeySchemaElement[] {
  return [
    { AttributeName: partitionKey.name, KeyType: 'HASH' },
    ...(sortKey ? [{ AttributeName: sortKey.name, KeyType: 'RANGE' as const }] : []),
  ];
}

async function setParameters(
  client: SSMClient,
  { settingsParameter: name, initialSettings: initial }: ServiceDefinition,
  choose: ChooseSettings,
): Promise<void> {
  const { Parameters = [] } = await client.send(new GetParametersCommand({ Names: [name, initial.name] }));
  const stored = (wanted: string) => Parameters.find(({ Name }) => Name === wanted)?.Value;
  const put = async (Name: string, Value: string) => {
    await client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  };
  const isFirstRun = stored(initial.name) === undefined;
  if (stored(initial.name) !== initial.value) await put(initial.name, initial.value);
  const value = choose(stored(name), isFirstRun);
  if (value !== undefined && value !== stored(name)) await put(name, value);
}

/** Each key attribute once, even if several keys use it. */
function toAttributeDefinitions(keyed: readonly Keyed[]): AttributeDefinition[] {
  const types = new Map<string, KeyAttribute['type']>();
  for (const { partitionKey, sortKey } of keyed) {
    types.set(partitionKey.name, partitionKey.type);
    if (sortKey) types.set(sortKey.name, sortKey.type);
  }
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}
