import type { QueueUrl } from './resolve.ts';
import { type Emulated, unreadable } from './resources.ts';
import type {
  EnvironmentValue,
  EventSourceDefinition,
  FunctionDefinition,
  ParameterDefinition,
  QueueDefinition,
  QueueRole,
  TableDefinition,
} from './service-definition.ts';

export function queueDefinition(
  { name, properties }: Emulated<'AWS::SQS::Queue'>,
  roleOfArn: (arn: string) => QueueRole,
): QueueDefinition {
  const { MessageRetentionPeriod, VisibilityTimeout, MaximumMessageSize, RedrivePolicy } = properties;
  return {
    name,
    retentionSeconds: MessageRetentionPeriod,
    visibilityTimeoutSeconds: VisibilityTimeout,
    maximumMessageBytes: MaximumMessageSize,
    ...(RedrivePolicy && {
      redrive: {
        deadLetterQueue: roleOfArn(RedrivePolicy.deadLetterTargetArn),
        maxReceiveCount: RedrivePolicy.maxReceiveCount,
      },
    }),
  };
}

export function tableDefinition({ name, properties }: Emulated<'AWS::DynamoDB::Table'>): TableDefinition {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, TimeToLiveSpecification } = properties;
  const types = new Map(
    AttributeDefinitions.map((attribute) => [attribute.AttributeName, attribute.AttributeType]),
  );
  const key = (keySchema: typeof KeySchema, keyType: 'HASH' | 'RANGE') => {
    const attribute = keySchema.find(({ KeyType }) => KeyType === keyType)?.AttributeName ?? '';
    const type = types.get(attribute);
    if (type === undefined) throw unreadable(`${name}: expected a ${keyType} key with a defined type`);
    return { name: attribute, type };
  };
  const keys = (keySchema: typeof KeySchema) => ({
    partitionKey: key(keySchema, 'HASH'),
    ...(keySchema.length > 1 && { sortKey: key(keySchema, 'RANGE') }),
  });
  return {
    name,
    ...keys(KeySchema),
    ...(TimeToLiveSpecification && { timeToLiveAttribute: TimeToLiveSpecification.AttributeName }),
    indexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema: indexKeys, Projection }) => ({
      name: IndexName,
      ...keys(indexKeys),
      projection:
        Projection.ProjectionType === 'INCLUDE'
          ? { type: 'INCLUDE', attributes: Projection.NonKeyAttributes }
          : { type: Projection.ProjectionType },
    })),
  };
}

export function functionDefinition(
  { name, properties }: Emulated<'AWS::Lambda::Function'>,
  roleOf: (url: QueueUrl) => QueueRole,
): FunctionDefinition {
  const environment = Object.entries(properties.Environment.Variables).map(
    ([variable, value]): [string, EnvironmentValue] => [
      variable,
      typeof value === 'string' ? value : { urlOfQueue: roleOf(value) },
    ],
  );
  return {
    name,
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    environment: Object.fromEntries(environment),
  };
}

export function eventSourceDefinition(
  { name, properties }: Emulated<'AWS::Lambda::EventSourceMapping'>,
  roleOfArn: (arn: string) => QueueRole,
): EventSourceDefinition {
  return {
    name,
    queue: roleOfArn(properties.EventSourceArn),
    batchSize: properties.BatchSize,
    maximumBatchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
    reportBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
  };
}

export function parameterDefinition({ properties }: Emulated<'AWS::SSM::Parameter'>): ParameterDefinition {
  return { name: properties.Name, value: properties.Value };
}
