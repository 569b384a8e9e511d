import * as z from 'zod';

/** Set, checked by tests of the templates, and without meaning to an emulator: not even looked at. */
export const NOT_EMULATED = z.unknown().optional();

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const queue = z.strictObject({
  MessageRetentionPeriod: z.int(),
  VisibilityTimeout: z.int().default(30),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.int() }).optional(),
  SqsManagedSseEnabled: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const table = z.strictObject({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.literal(true) }).optional(),
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.discriminatedUnion('ProjectionType', [
          z.strictObject({ ProjectionType: z.enum(['ALL', 'KEYS_ONLY']) }),
          z.strictObject({ ProjectionType: z.literal('INCLUDE'), NonKeyAttributes: z.array(z.string()) }),
        ]),
      }),
    )
    .default([]),
  DeletionProtectionEnabled: NOT_EMULATED,
  PointInTimeRecoverySpecification: NOT_EMULATED,
  SSESpecification: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const environmentValue = z.union([z.string(), z.strictObject({ urlOfQueueNamed: z.string() })]);

const lambdaFunction = z.strictObject({
  Handler: z.literal('index.handler'),
  Timeout: z.int(),
  MemorySize: z.int(),
  Environment: z.strictObject({ Variables: z.record(z.string(), environmentValue) }),
  Architectures: NOT_EMULATED,
  Code: NOT_EMULATED,
  Description: NOT_EMULATED,
  LoggingConfig: NOT_EMULATED,
  Role: NOT_EMULATED,
  Runtime: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const eventSourceMapping = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.int(),
  MaximumBatchingWindowInSeconds: z.int(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  // How many execution environments there are is for the caller to say.
  ScalingConfig: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const parameter = z.strictObject({ Name: z.string(), Type: z.literal('String'), Value: z.string() });

/**
 * The resource types that the embedded stack creates, with every property that it understands. A property that is not
 * here is an error: the local stack would silently differ from what is deployed.
 */
export const EMULATED_TYPES = {
  'AWS::SQS::Queue': queue,
  'AWS::DynamoDB::Table': table,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::SSM::Parameter': parameter,
} as const;

export type EmulatedType = keyof typeof EMULATED_TYPES;
export type PropertiesOf<Type extends EmulatedType> = z.output<(typeof EMULATED_TYPES)[Type]>;

/** Resource types for which nothing stands locally: permissions, logs and what watches. */
export const IGNORED_TYPES: ReadonlySet<string> = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);
