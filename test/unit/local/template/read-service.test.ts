import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readService } from '../../../../lib/local/template/read-service.ts';

const STORAGE = 'Service-Storage';
const SCORING = 'Service-Scoring';

const ref = (id: string) => ({ Ref: id });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

interface Changeable {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown>; Metadata?: object }>;
  Outputs: Record<string, object>;
}

let storage: Changeable;
let scoring: Changeable;

beforeEach(() => {
  storage = {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'S' },
            { AttributeName: 'day', AttributeType: 'N' },
          ],
          BillingMode: 'PAY_PER_REQUEST',
          TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
          GlobalSecondaryIndexes: [
            {
              IndexName: 'by-day',
              KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
          SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': ['NotEvenThere', 'Arn'] } },
        },
      },
    },
    Outputs: { NameOfTable: { Value: ref('Table') } },
  };
  scoring = {
    Resources: {
      Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 9 } },
      Bad: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 8 } },
      Work: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          MessageRetentionPeriod: 7,
          VisibilityTimeout: 60,
          MaximumMessageSize: 2_048,
          RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 4 },
        },
      },
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Handler: 'index.handler',
          Timeout: 10,
          MemorySize: 512,
          Role: arn('Role'),
          Environment: {
            Variables: {
              TABLE_NAME: { 'Fn::GetStackOutput': { StackName: STORAGE, OutputName: 'NameOfTable' } },
              REJECTED_QUEUE_URL: ref('Bad'),
              JOINED: { 'Fn::Join': ['/', ['a', ref('AWS::Region')]] },
            },
          },
        },
        Metadata: { 'aws:asset:path': 'asset.1' },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: arn('Work'),
          FunctionName: ref('Function'),
          BatchSize: 3,
          MaximumBatchingWindowInSeconds: 2,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      Settings: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: '/a/initial', Type: 'String', Value: '{}', Description: 'x', Tags: { a: 'b' } },
      },
    },
    Outputs: {
      WorkQueueUrl: { Value: ref('Work') },
      RejectedQueueUrl: { Value: ref('Bad') },
      DeadLetterQueueUrl: { Value: ref('Dead') },
      SettingsParameter: { Value: '/a/settings' },
    },
  };
});

/** Adds the rollback: alarms, a rule, and a function with its failure queue. */
function addRollback(): void {
  const common = {
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 2,
    TreatMissingData: 'missing',
  };
  Object.assign(scoring.Resources, {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: arn('Key') } },
    Failures: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ...common,
        AlarmName: 'service-failures',
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Dead', 'QueueName'] } }],
        Period: 60,
        Statistic: 'Maximum',
        Threshold: 3,
        AlarmActions: [ref('Topic')],
      },
    },
    Rollback: {
      Type: 'AWS::CloudWatch::CompositeAlarm',
      Properties: {
        AlarmName: 'service-rollback',
        AlarmRule: { 'Fn::Join': ['', ['ALARM("', arn('Failures'), '")']] },
        OKActions: [ref('Topic')],
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { resources: [arn('Rollback')] },
        State: 'ENABLED',
        Targets: [{ Id: 'Target0', Arn: arn('Brake'), RetryPolicy: { MaximumEventAgeInSeconds: 60 } }],
      },
    },
    Brake: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Timeout: 20,
        MemorySize: 128,
        Environment: { Variables: { TOPIC: ref('Topic') } },
      },
      Metadata: { 'aws:asset:path': 'asset.2' },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arn('Brake'),
        Principal: 'events.amazonaws.com',
        SourceArn: arn('Rule'),
      },
    },
    Stranded: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 6 } },
    Invocations: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: ref('Brake'),
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: arn('Stranded') } },
      },
    },
  });
  scoring.Outputs.RollbackAlarm = { Value: 'service-rollback' };
}

/** Writes the templates like a synthesis, and reads them. */
function read() {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'));
  const stack = (templateFile: string) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile },
  });
  const artifacts = {
    [STORAGE]: stack('storage.json'),
    [SCORING]: stack('scoring.json'),
    Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  writeFileSync(join(folder, 'storage.json'), JSON.stringify(storage));
  writeFileSync(join(folder, 'scoring.json'), JSON.stringify(scoring));
  return { folder, ...readService(folder) };
}

it('reads what the templates define, across stacks', () => {
  const { folder, definition, bundlePath } = read();

  expect(bundlePath).toBe(join(folder, 'asset.1', 'index.mjs'));
  expect(definition).toEqual({
    queues: {
      work: {
        name: 'Service-Scoring-Work',
        retentionSeconds: 7,
        visibilityTimeoutSeconds: 60,
        maximumMessageBytes: 2_048,
        redrive: { deadLetterQueue: 'Service-Scoring-Dead', maxReceiveCount: 4 },
      },
      rejected: {
        name: 'Service-Scoring-Bad',
        retentionSeconds: 8,
        visibilityTimeoutSeconds: 30,
        maximumMessageBytes: 1_048_576,
      },
      deadLetter: {
        name: 'Service-Scoring-Dead',
        retentionSeconds: 9,
        visibilityTimeoutSeconds: 30,
        maximumMessageBytes: 1_048_576,
      },
    },
    table: {
      name: 'Service-Storage-Table',
      partitionKey: { name: 'pk', type: 'S' },
      sortKey: { name: 'sk', type: 'S' },
      timeToLiveAttribute: 'until',
      indexes: [
        { name: 'by-day', partitionKey: { name: 'day', type: 'N' }, projection: { type: 'KEYS_ONLY' } },
      ],
    },
    function: {
      name: 'Service-Scoring-Function',
      timeoutSeconds: 10,
      memoryMegabytes: 512,
      environment: {
        TABLE_NAME: 'Service-Storage-Table',
        REJECTED_QUEUE_URL: { urlOfQueueNamed: 'Service-Scoring-Bad' },
        JOINED: 'a/us-east-1',
      },
    },
    eventSource: {
      name: `${SCORING}-Mapping`,
      queue: 'Service-Scoring-Work',
      batchSize: 3,
      maximumBatchingWindowSeconds: 2,
      reportBatchItemFailures: true,
    },
    settingsParameter: '/a/settings',
    initialSettings: { name: '/a/initial', value: '{}' },
    furtherQueues: [],
    consumers: [],
    buckets: [],
    watch: { alarms: [], compositeAlarms: [], rules: [], buses: [], topics: [] },
  });
});

it('reads what watches, and what acts on it', () => {
  addRollback();
  const { folder, definition } = read();
  const { alarms, compositeAlarms, rules, topics, rollbackAlarm } = definition.watch;

  const topic = 'arn:aws:sns:us-east-1:000000000000:Service-Scoring-Topic';
  expect(topics).toEqual([topic]);
  expect(rollbackAlarm).toBe('service-rollback');
  expect(alarms).toMatchObject([{ name: 'service-failures', periodSeconds: 60, onAlarm: [topic], onOk: [] }]);
  expect([...(alarms[0]?.metrics.values() ?? [])]).toMatchObject([
    { namespace: 'AWS/SQS', dimensions: { QueueName: 'Service-Scoring-Dead' }, statistic: 'Maximum' },
  ]);
  expect(compositeAlarms).toMatchObject([
    { name: 'service-rollback', rule: { alarms: ['service-failures'] }, onAlarm: [], onOk: [topic] },
  ]);
  expect(rules).toMatchObject([
    {
      name: 'Service-Scoring-Rule',
      bus: 'default',
      targets: [
        {
          kind: 'function',
          arn: 'arn:aws:lambda:us-east-1:000000000000:function:Service-Scoring-Brake',
          retryAttempts: 185,
          maximumAgeSeconds: 60,
          function: {
            name: 'Service-Scoring-Brake',
            bundlePath: join(folder, 'asset.2', 'index.mjs'),
            timeoutSeconds: 20,
            environment: { TOPIC: topic },
            retryAttempts: 1,
            failures: { name: 'Service-Scoring-Stranded', retentionSeconds: 6 },
          },
        },
      ],
    },
  ]);
  const event = { resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:service-rollback'] };
  expect(rules[0]?.pattern(event)).toBe(true);
  expect(definition.function.name).toBe('Service-Scoring-Function');
});

it('reads a rule on a schedule', () => {
  addRollback();
  const rule = scoring.Resources.Rule?.Properties ?? {};
  delete rule.EventPattern;
  rule.ScheduleExpression = 'rate(5 minutes)';
  const [read0] = read().definition.watch.rules;

  expect(read0).toMatchObject({
    everySeconds: 300,
    targets: [{ function: { name: 'Service-Scoring-Brake' } }],
  });
  const resources = ['arn:aws:events:us-east-1:000000000000:rule/Service-Scoring-Rule'];
  expect(read0?.pattern({ source: 'aws.events', resources })).toBe(true);
  expect(read0?.pattern({ source: 'aws.events', resources: ['another'] })).toBe(false);
});

/** Adds a function that reads a queue, and a bus whose events go to a queue, a topic and a webhook. */
function addAnnouncements(): void {
  const rule = (id: string, target: object, properties: object = {}) => ({
    [id]: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: ref('Bus'),
        EventPattern: { source: ['service'] },
        State: 'ENABLED',
        Targets: [{ Id: 'Target0', ...target }],
        ...properties,
      },
    },
  });
  Object.assign(scoring.Resources, {
    Wake: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        MessageRetentionPeriod: 5,
        RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 9 },
      },
    },
    Sender: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Timeout: 20,
        MemorySize: 128,
        Environment: { Variables: { BUS: ref('Bus'), QUEUE: ref('Wake') } },
      },
      Metadata: { 'aws:asset:path': 'asset.3' },
    },
    Wakes: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arn('Wake'),
        FunctionName: ref('Sender'),
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 1,
      },
    },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'findings' } },
    Lost: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 4 } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
    Connection: {
      Type: 'AWS::Events::Connection',
      Properties: {
        AuthorizationType: 'API_KEY',
        AuthParameters: {
          ApiKeyAuthParameters: {
            ApiKeyName: 'x-key',
            ApiKeyValue: '{{resolve:secretsmanager:key:SecretString:::}}',
          },
          InvocationHttpParameters: {
            BodyParameters: [{ Key: 'routing_key', Value: 'r', IsValueSecret: true }],
            QueryStringParameters: [{ Key: 'q', Value: '1' }],
            HeaderParameters: [{ Key: 'x-more', Value: '2' }],
          },
        },
      },
    },
    Webhook: {
      Type: 'AWS::Events::ApiDestination',
      Properties: {
        ConnectionArn: arn('Connection'),
        HttpMethod: 'POST',
        InvocationEndpoint: 'https://hooks.example.com/a',
      },
    },
    ...rule('ToQueue', {
      Arn: arn('Lost'),
      DeadLetterConfig: { Arn: arn('Lost') },
      RetryPolicy: { MaximumRetryAttempts: 3 },
    }),
    ...rule('ToTopic', { Arn: ref('Topic'), Input: 'now' }),
    ...rule('ToWebhook', {
      Arn: arn('Webhook'),
      InputTransformer: { InputPathsMap: { id: '$.detail.id' }, InputTemplate: '{"text":<id>}' },
    }),
  });
}

it('reads functions that read other queues, buses and what their events lead to', () => {
  addAnnouncements();
  const { folder, definition } = read();

  expect(definition.furtherQueues).toMatchObject([
    {
      name: 'Service-Scoring-Wake',
      redrive: { deadLetterQueue: 'Service-Scoring-Dead', maxReceiveCount: 9 },
    },
    { name: 'Service-Scoring-Lost' },
  ]);
  expect(definition.consumers).toEqual([
    {
      function: {
        name: 'Service-Scoring-Sender',
        timeoutSeconds: 20,
        memoryMegabytes: 128,
        environment: { BUS: 'findings', QUEUE: { urlOfQueueNamed: 'Service-Scoring-Wake' } },
      },
      bundlePath: join(folder, 'asset.3', 'index.mjs'),
      eventSource: {
        name: `${SCORING}-Wakes`,
        queue: 'Service-Scoring-Wake',
        batchSize: 10,
        maximumBatchingWindowSeconds: 1,
        reportBatchItemFailures: false,
      },
    },
  ]);
  const { buses, rules } = definition.watch;
  expect(buses).toEqual(['findings']);
  expect(rules).toMatchObject([
    {
      name: 'Service-Scoring-ToQueue',
      bus: 'findings',
      targets: [
        {
          kind: 'queue',
          queueName: 'Service-Scoring-Lost',
          failures: 'Service-Scoring-Lost',
          retryAttempts: 3,
          maximumAgeSeconds: 86_400,
        },
      ],
    },
    { targets: [{ kind: 'topic', arn: 'arn:aws:sns:us-east-1:000000000000:Service-Scoring-Topic' }] },
    {
      targets: [
        {
          kind: 'api',
          destination: {
            url: 'https://hooks.example.com/a',
            method: 'POST',
            headers: { 'x-key': '{{resolve:secretsmanager:key:SecretString:::}}', 'x-more': '2' },
            query: { q: '1' },
            body: { routing_key: 'r' },
          },
        },
      ],
    },
  ]);
  const inputs = rules.map(({ targets: [target] }) => target?.input({ detail: { id: 'a' } }));
  expect(inputs).toEqual(['{"detail":{"id":"a"}}', 'now', '{"text":"a"}']);
});

describe('what it does not know, it says', () => {
  const properties = (id: string) => scoring.Resources[id]?.Properties ?? {};

  it.each<[string, () => void, string]>([
    [
      'an alarm whose statistic is not known',
      () => {
        addRollback();
        properties('Failures').Statistic = 'p99';
      },
      'alarm service-failures: statistic p99 is not known here',
    ],
    [
      'a rule of a composite alarm',
      () => {
        addRollback();
        properties('Rollback').AlarmRule = 'BROKEN("x")';
      },
      'alarm rule "BROKEN("x")": unexpected BROKEN',
    ],
    [
      'a comparison in an event pattern',
      () => {
        addRollback();
        properties('Rule').EventPattern = { source: [{ prefix: 'aws.' }] };
      },
      'a comparison in "source" is not known here',
    ],
    [
      'an input path',
      () => {
        addAnnouncements();
        const transformer = { InputPathsMap: { all: '$..id' }, InputTemplate: '<all>' };
        properties('ToQueue').Targets = [{ Id: 'Target0', Arn: arn('Lost'), InputTransformer: transformer }];
      },
      'input path $..id is not known here',
    ],
    [
      'a webhook without a connection',
      () => {
        addAnnouncements();
        properties('Webhook').ConnectionArn = 'arn:aws:events:us-east-1:000000000000:connection/other';
      },
      'Service-Scoring-Webhook has no connection of these templates',
    ],
    [
      'a schedule',
      () => {
        addRollback();
        delete properties('Rule').EventPattern;
        properties('Rule').ScheduleExpression = 'cron(0 20 * * ? *)';
      },
      'schedule cron(0 20 * * ? *): only rates are known here',
    ],
    [
      'a rule with a pattern and a schedule',
      () => {
        addRollback();
        properties('Rule').ScheduleExpression = 'rate(5 minutes)';
      },
      'the rule Service-Scoring-Rule is expected to have either a pattern or a schedule',
    ],
    [
      'a rule that may not invoke its function',
      () => {
        addRollback();
        delete scoring.Resources.Permission;
      },
      'the rule Service-Scoring-Rule has no permission to invoke Service-Scoring-Brake',
    ],
    [
      'a rule whose target is none that it knows',
      () => {
        addRollback();
        properties('Rule').Targets = [
          { Id: 'Target0', Arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' },
        ];
      },
      'the rule Service-Scoring-Rule has a target that is not known',
    ],
    [
      'a function whose failures go nowhere',
      () => {
        addRollback();
        delete scoring.Resources.Invocations;
      },
      'expected a queue for the events of Service-Scoring-Brake that it fails on',
    ],
    [
      'a resource type',
      () => {
        scoring.Resources.Stream = { Type: 'AWS::Kinesis::Stream', Properties: {} };
      },
      'Service-Scoring: Stream, a AWS::Kinesis::Stream, is of a type that the embedded stack does not know',
    ],
    [
      'a property',
      () => {
        properties('Work').DelaySeconds = 5;
      },
      'Unrecognized key: "DelaySeconds"',
    ],
    [
      'a value',
      () => {
        properties('Mapping').FunctionResponseTypes = ['Nothing'];
      },
      'FunctionResponseTypes',
    ],
    [
      'settings that no output names',
      () => {
        delete scoring.Outputs.SettingsParameter;
      },
      'expected an output SettingsParameter with the name of a parameter',
    ],
    [
      'an intrinsic function',
      () => {
        properties('Settings').Value = { 'Fn::Sub': 'x' };
      },
      'Fn::Sub "x" is not known to the embedded stack',
    ],
    [
      'the ARN of what is not emulated',
      () => {
        properties('Mapping').EventSourceArn = arn('Settings');
      },
      'the ARN of Settings, a AWS::SSM::Parameter, is not known',
    ],
    [
      'a resource that is not there',
      () => {
        properties('Mapping').FunctionName = ref('Other');
      },
      'there is no resource Other',
    ],
    [
      'an output of another stack that is not there',
      () => {
        storage.Outputs = {};
      },
      'no stack Service-Storage has an output NameOfTable',
    ],
    [
      'a work queue that nobody reads',
      () => {
        scoring.Resources.Extra = { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 7 } };
        properties('Mapping').EventSourceArn = arn('Extra');
      },
      'expected one function to read the work queue',
    ],
    [
      'an output that is missing',
      () => {
        delete scoring.Outputs.WorkQueueUrl;
      },
      'expected an output WorkQueueUrl with the URL of a queue',
    ],
    [
      'a second table',
      () => {
        scoring.Resources.Table = storage.Resources.Table ?? { Type: '', Properties: {} };
      },
      'expected one AWS::DynamoDB::Table in the templates',
    ],
  ])('%s', (_, change, message) => {
    change();

    expect(read).toThrow(expect.objectContaining({ name: 'LocalStackError', code: 'template_unreadable' }));
    expect(read).toThrow(message);
    expect(read).not.toThrow('\n');
  });
});
