import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { arnOf } from '../../lib/local/account.ts';
import { DEPLOYED } from '../fixtures/deployed-service.ts';
import { type AuthorizationRequest, decide, functionRole } from '../fixtures/infra/authorization.ts';
import { siteEnvironment } from '../fixtures/infra/environments.ts';
import { synthesizeService } from '../fixtures/infra/synthesized-service.ts';

const { definition } = DEPLOYED;
const [bucket] = definition.buckets;
const BUCKET = `arn:aws:s3:::${bucket?.name}`;
const INGEST = arnOf('sqs', bucket?.queue ?? '');
const INGEST_DEAD = arnOf(
  'sqs',
  definition.furtherQueues.find(({ name }) => name === bucket?.queue)?.redrive?.deadLetterQueue ?? '',
);
const WORK = arnOf('sqs', definition.queues.work.name);
const REJECTED = arnOf('sqs', definition.queues.rejected.name);
const TABLE = arnOf('dynamodb', `table/${definition.table.name}`);
const OBJECT_ITEM = { 'dynamodb:LeadingKeys': ['object#2K4Qd0mGx1sBbRyjv5hW3A'] };

const EXISTING = [
  { bucket: 'site-flow-logs', prefix: 'AWSLogs/111122223333/vpcflowlogs/', format: 'vpc-flow' as const },
  {
    bucket: 'site-sensors',
    prefix: 'zeek/',
    keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11112222-3333-4444-5555-666677778888',
  },
  { bucket: 'site-sensors', prefix: 'suricata/' },
];
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:new-logs';

const { scoring } = synthesizeService(siteEnvironment('prod'));
const others = synthesizeService(
  siteEnvironment('prod', { logFiles: { existing: EXISTING, topics: [TOPIC] } }),
).scoring;

describe('the bucket', () => {
  it("is nobody else's to see, keeps what was replaced, and forgets after some weeks", () => {
    scoring.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      LifecycleConfiguration: {
        Rules: [
          Match.objectLike({
            ExpirationInDays: 30,
            NoncurrentVersionExpiration: { NoncurrentDays: 14 },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            Status: 'Enabled',
          }),
        ],
      },
    });
  });

  it('takes nothing that is not sent over TLS 1.2 or later', () => {
    const denied = (condition: object) =>
      Match.objectLike({ Action: 's3:*', Effect: 'Deny', Condition: condition, Principal: { AWS: '*' } });
    scoring.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          denied({ Bool: { 'aws:SecureTransport': 'false' } }),
          denied({ NumericLessThan: { 's3:TlsVersion': 1.2 } }),
        ]),
      },
    });
  });

  it('tells the queue of every new object, which may be told before the bucket is made', () => {
    const [[, { Properties, DependsOn }] = ['', {}]] = Object.entries(
      scoring.findResources('AWS::S3::Bucket') as Record<
        string,
        { Properties?: object; DependsOn?: string[] }
      >,
    );
    const policies = Object.keys(scoring.findResources('AWS::SQS::QueuePolicy'));

    expect(Properties).toMatchObject({
      NotificationConfiguration: {
        QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: { 'Fn::GetAtt': expect.anything() } }],
      },
    });
    expect(policies).toEqual(expect.arrayContaining(DependsOn ?? ['none']));
    scoring.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'NewLogFiles',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': Match.anyValue() } }),
          }),
        ]),
      },
    });
  });
});

describe('the function that reads log files', () => {
  const role = functionRole('LogFilesReaderFunction');

  it.each<AuthorizationRequest>([
    { action: 's3:GetObject', resource: `${BUCKET}/any/key.log.gz` },
    { action: 's3:GetObjectVersion', resource: `${BUCKET}/any/key.log.gz` },
    { action: 'dynamodb:UpdateItem', resource: TABLE, context: OBJECT_ITEM },
    { action: 'dynamodb:GetItem', resource: TABLE, context: OBJECT_ITEM },
    { action: 'sqs:SendMessage', resource: WORK },
    { action: 'sqs:SendMessage', resource: REJECTED },
    { action: 'sqs:SendMessage', resource: INGEST },
    { action: 'sqs:SendMessage', resource: INGEST_DEAD },
    { action: 'sqs:ChangeMessageVisibility', resource: INGEST },
    { action: 'sqs:ReceiveMessage', resource: INGEST },
    { action: 'sqs:DeleteMessage', resource: INGEST },
  ])('may $action on $resource', async (request) => {
    expect(await decide(role, request)).toBe('Allowed');
  });

  it.each<AuthorizationRequest>([
    { action: 's3:GetObject', resource: 'arn:aws:s3:::another/any/key.log.gz' },
    { action: 's3:PutObject', resource: `${BUCKET}/any` },
    { action: 's3:DeleteObject', resource: `${BUCKET}/any` },
    { action: 's3:ListBucket', resource: BUCKET },
    { action: 'sqs:ReceiveMessage', resource: WORK },
    { action: 'sqs:ReceiveMessage', resource: INGEST_DEAD },
    { action: 'sqs:PurgeQueue', resource: INGEST },
    {
      action: 'dynamodb:UpdateItem',
      resource: TABLE,
      context: { 'dynamodb:LeadingKeys': ['address#203.0.113.1#0'] },
    },
    { action: 'dynamodb:BatchWriteItem', resource: TABLE, context: OBJECT_ITEM },
    { action: 'dynamodb:Query', resource: TABLE },
    { action: 'ssm:GetParameters', resource: arnOf('ssm', `parameter${definition.settingsParameter}`) },
    { action: 'kms:Decrypt', resource: 'arn:aws:kms:us-east-1:000000000000:key/another' },
  ])('may not $action on $resource', async (request) => {
    expect(await decide(role, request)).toBe('ImplicitlyDenied');
  });

  it('reads one notification at a time, and hands back one that fails', () => {
    const consumer = definition.consumers.find(({ eventSource }) => eventSource.queue === bucket?.queue);

    expect(consumer?.eventSource).toMatchObject({ batchSize: 1, reportBatchItemFailures: true });
  });
});

describe('buckets that exist already', () => {
  it('are read below their prefixes alone, with the keys that they are encrypted with', () => {
    const [[, { Properties }] = ['', { Properties: {} }]] = Object.entries(
      others.findResources('AWS::IAM::Policy') as Record<
        string,
        { Properties: { PolicyDocument?: { Statement: { Action: unknown; Resource: unknown }[] } } }
      >,
    ).filter(([id]) => id.startsWith('LogFilesReader'));
    const statements = Properties.PolicyDocument?.Statement ?? [];
    const objects = statements.filter(({ Action }) => JSON.stringify(Action).includes('s3:GetObject'));

    expect(objects).toHaveLength(1);
    expect(JSON.stringify(objects[0]?.Resource)).toContain(
      ':s3:::site-flow-logs/AWSLogs/111122223333/vpcflowlogs/*',
    );
    expect(JSON.stringify(objects[0]?.Resource)).not.toContain('site-sensors/*');
    expect(statements.filter(({ Action }) => Action === 'kms:Decrypt')).toEqual([
      expect.objectContaining({ Sid: 'DecryptLogFiles', Resource: EXISTING[1]?.keyArn }),
    ]);
  });

  it('report to the queue by EventBridge, or by a topic', () => {
    others.resourceCountIs('AWS::SNS::Subscription', 1);
    others.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'sqs', TopicArn: TOPIC });
    others.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: ['site-sensors'] },
          object: { key: [{ prefix: 'zeek/' }, { prefix: 'suricata/' }] },
        },
      },
      Targets: [
        Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Notifications'), 'Arn'] } }),
      ],
    });
  });

  it('are known to the function with their formats', () => {
    const sources = Object.values(others.findResources('AWS::Lambda::Function')).flatMap(
      ({ Properties }) => Properties.Environment.Variables.LOG_SOURCES ?? [],
    );

    expect(JSON.stringify(sources).replaceAll('\\"', '"')).toContain(
      '{"bucket":"site-flow-logs","prefix":"AWSLogs/111122223333/vpcflowlogs/","format":"vpc-flow"}',
    );
  });

  it.each([
    ['no bucket', { existing: [{ bucket: 'No_Bucket' }] }, 'expected the name of a bucket'],
    ['a wildcard', { existing: [{ bucket: 'logs', prefix: 'a*' }] }, 'expected a prefix without'],
    ['no topic', { topics: ['arn:aws:sqs:eu-central-1:111122223333:x'] }, 'expected the ARN of an SNS topic'],
    ['a typing error', { exsting: [] }, 'Unrecognized key'],
  ])('are refused in one line where they are wrong: %s', (_, logFiles, message) => {
    expect(() => siteEnvironment('prod', { logFiles } as never)).toThrow(message);
  });
});
