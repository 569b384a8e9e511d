import * as z from 'zod';

/** Set and checked by tests of the templates, but meaningless to an emulator, so any value is accepted. */
export const NOT_EMULATED = z.unknown().optional();

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const queue = z.strictObject({
  MessageRetentionPeriod: z.int(),
  VisibilityTimeout: z.int().default(30),
  MaximumMessageSize: z.int().default(1_048_576),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.int() }).optional(),
  KmsMasterKeyId: NOT_EMULATED,
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
        OnDemandThroughput: NOT_EMULATED,
        Projection: z.discriminatedUnion('ProjectionType', [
          z.strictObject({ ProjectionType: z.enum(['ALL', 'KEYS_ONLY']) }),
          z.strictObject({ ProjectionType: z.literal('INCLUDE'), NonKeyAttributes: z.array(z.string()) }),
        ]),
      }),
    )
    .default([]),
  DeletionProtectionEnabled: NOT_EMULATED,
  OnDemandThroughput: NOT_EMULATED,
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
  ReservedConcurrentExecutions: NOT_EMULATED,
  Role: NOT_EMULATED,
  Runtime: NOT_EMULATED,
  TracingConfig: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const eventSourceMapping = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.int(),
  MaximumBatchingWindowInSeconds: z.int().default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  // The caller decides how many execution environments there are.
  ScalingConfig: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const bucket = z.strictObject({
  NotificationConfiguration: z.strictObject({
    QueueConfigurations: z.array(
      z.strictObject({ Event: z.literal('s3:ObjectCreated:*'), Queue: z.string() }),
    ),
  }),
  BucketEncryption: NOT_EMULATED,
  LifecycleConfiguration: NOT_EMULATED,
  OwnershipControls: NOT_EMULATED,
  PublicAccessBlockConfiguration: NOT_EMULATED,
  Tags: NOT_EMULATED,
  // Locally, a replaced version is gone.
  VersioningConfiguration: NOT_EMULATED,
});

const parameter = z.strictObject({
  Name: z.string(),
  Type: z.literal('String'),
  Value: z.string(),
  Description: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const dimension = z.strictObject({ Name: z.string(), Value: z.string() });

const dataQuery = z.strictObject({
  Id: z.string(),
  Expression: z.string().optional(),
  ReturnData: z.boolean().optional(),
  MetricStat: z
    .strictObject({
      Metric: z.strictObject({
        Namespace: z.string(),
        MetricName: z.string(),
        Dimensions: z.array(dimension).default([]),
      }),
      Period: z.int(),
      Stat: z.string(),
    })
    .optional(),
  Label: NOT_EMULATED,
});

/** Topics notified of an alarm's changes. */
const alarmActions = {
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
  ActionsEnabled: z.literal(true).optional(),
  AlarmDescription: NOT_EMULATED,
  Tags: NOT_EMULATED,
};

const alarm = z.strictObject({
  AlarmName: z.string(),
  Metrics: z.array(dataQuery).optional(),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(dimension).optional(),
  Period: z.int().optional(),
  Statistic: z.string().optional(),
  Threshold: z.number(),
  ComparisonOperator: z.string(),
  EvaluationPeriods: z.int(),
  DatapointsToAlarm: z.int().optional(),
  TreatMissingData: z.string().optional(),
  ...alarmActions,
});

const compositeAlarm = z.strictObject({ AlarmName: z.string(), AlarmRule: z.string(), ...alarmActions });

const topic = z.strictObject({
  DisplayName: NOT_EMULATED,
  KmsMasterKeyId: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const eventRule = z.strictObject({
  EventBusName: z.string().optional(),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.literal('ENABLED'),
  Targets: z.array(
    z.strictObject({
      Arn: z.string(),
      Id: z.string(),
      Input: z.string().optional(),
      InputTransformer: z
        .strictObject({
          InputPathsMap: z.record(z.string(), z.string()).default({}),
          InputTemplate: z.string(),
        })
        .optional(),
      DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
      RetryPolicy: z
        .strictObject({
          MaximumEventAgeInSeconds: z.int().optional(),
          MaximumRetryAttempts: z.int().optional(),
        })
        .optional(),
      HttpParameters: NOT_EMULATED,
      RoleArn: NOT_EMULATED,
    }),
  ),
  Description: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const eventBus = z.strictObject({
  Name: z.string(),
  DeadLetterConfig: NOT_EMULATED,
  Description: NOT_EMULATED,
  KmsKeyIdentifier: NOT_EMULATED,
  LogConfig: NOT_EMULATED,
  Tags: NOT_EMULATED,
});

const connectionParameters = z
  .array(z.strictObject({ Key: z.string(), Value: z.string(), IsValueSecret: z.boolean().optional() }))
  .default([]);

const connection = z.strictObject({
  AuthorizationType: z.literal('API_KEY'),
  AuthParameters: z.strictObject({
    ApiKeyAuthParameters: z.strictObject({ ApiKeyName: z.string(), ApiKeyValue: z.string() }),
    InvocationHttpParameters: z
      .strictObject({
        BodyParameters: connectionParameters,
        HeaderParameters: connectionParameters,
        QueryStringParameters: connectionParameters,
      })
      .optional(),
  }),
  Description: NOT_EMULATED,
  KmsKeyIdentifier: NOT_EMULATED,
});

const apiDestination = z.strictObject({
  ConnectionArn: z.string(),
  HttpMethod: z.string(),
  InvocationEndpoint: z.string(),
  Description: NOT_EMULATED,
  // Locally, events are delivered one at a time.
  InvocationRateLimitPerSecond: NOT_EMULATED,
});

const permission = z.strictObject({
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
});

const eventInvokeConfig = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.int(),
  // Without it, an event is lost after all attempts have failed.
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) }).optional(),
  // No local invocation waits that long.
  MaximumEventAgeInSeconds: NOT_EMULATED,
});

/**
 * The resource types that the embedded stack creates, with every property that it understands. Any other property is an
 * error, since the local stack would silently differ from the deployment.
 */
export const EMULATED_TYPES = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::CompositeAlarm': compositeAlarm,
  'AWS::SQS::Queue': queue,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::ApiDestination': apiDestination,
  'AWS::Events::Connection': connection,
  'AWS::Events::EventBus': eventBus,
  'AWS::Events::Rule': eventRule,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
  'AWS::S3::Bucket': bucket,
  'AWS::SNS::Topic': topic,
  'AWS::SSM::Parameter': parameter,
} as const;

export type EmulatedType = keyof typeof EMULATED_TYPES;
export type PropertiesOf<Type extends EmulatedType> = z.output<(typeof EMULATED_TYPES)[Type]>;

/** Resource types with no local counterpart: roles and policies, keys, logs, mail and the dashboard. */
export const IGNORED_TYPES: ReadonlySet<string> = new Set([
  'AWS::Budgets::Budget',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);
