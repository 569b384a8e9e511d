import { type Emulated, unreadable } from './resources.ts';
import type {
  BucketDefinition,
  EventSourceDefinition,
  FunctionDefinition,
  ParameterDefinition,
  QueueDefinition,
  TableDefinition,
} from './service-definition.ts';

export function queueDefinition({ name, properties }: Emulated<'AWS::SQS::Queue'>): QueueDefinition {
  const { MessageRetentionPeriod, VisibilityTimeout, MaximumMessageSize, RedrivePolicy } = properties;
  return {
    name,
    retentionSeconds: MessageRetentionPeriod,
    visibilityTimeoutSeconds: VisibilityTimeout,
    maximumMessageBytes: MaximumMessageSize,
    ...(RedrivePolicy && {
      redrive: {
        deadLetterQueue: queueNameOf(RedrivePolicy.deadLetterTargetArn),
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

export function functionDefinition({
  name,
  properties,
}: Emulated<'AWS::Lambda::Function'>): FunctionDefinition {
  return {
    name,
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    environment: properties.Environment.Variables,
  };
}

export function eventSourceDefinition({
  name,
  properties,
}: Emulated<'AWS::Lambda::EventSourceMapping'>): EventSourceDefinition {
  return {
    name,
    queue: queueNameOf(properties.EventSourceArn),
    batchSize: properties.BatchSize,
    maximumBatchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
    reportBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
  };
}

export function parameterDefinition({ properties }: Emulated<'AWS::SSM::Parameter'>): ParameterDefinition {
  return { name: properties.Name, value: properties.Value };
}

/** A queue's name from its ARN. */
export function queueNameOf(arn: string): string {
  const [service, , , name, ...others] = arn.split(':').slice(2);
  if (service !== 'sqs' || name === undefined || others.length > 0)
    throw unreadable(`${arn} is no queue's ARN`);
  return name;
}

export function bucketDefinition({ name, properties }: Emulated<'AWS::S3::Bucket'>): BucketDefinition {
  const [queue, ...others] = properties.NotificationConfiguration.QueueConfigurations;
  if (queue === undefined || others.length > 0) {
    throw unreadable(`expected the bucket ${name} to send its events to one queue`);
  }
  return { name, queue: queueNameOf(queue.Queue) };
}
