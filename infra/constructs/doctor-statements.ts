import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { EventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { alarmPrefix, rollbackAlarmName, type StackPart } from '../../lib/aws/stack-outputs.ts';
import { wildcardFinding } from '../wildcard-finding.ts';
import type { LogFiles } from './log-files.ts';
import type { WorkQueues } from './work-queues.ts';

export interface DoctorStatementsProps {
  readonly environmentName: string;
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly logFiles: LogFiles;
  readonly scoringFunction: LambdaFunction;
  readonly eventSource: EventSourceMapping;
  /** The stack of each part. */
  readonly stacks: Readonly<Record<StackPart, Stack>>;
}

/** Permissions of `doctor` in addition to what its caller may read anyway, including those for a rehearsal. */
export function doctorStatements(
  scope: Construct,
  { environmentName, table, queues, logFiles, scoringFunction, eventSource, stacks }: DoctorStatementsProps,
): PolicyStatement[] {
  const { bucket, ingest } = logFiles;
  const { work, rejected, deadLetter, rollbackFailures } = queues;
  return [
    new PolicyStatement({
      sid: 'LookAtStacks',
      actions: ['cloudformation:DescribeStacks'],
      resources: [...new Set(Object.values(stacks))].map(({ stackName }) =>
        wildcard(scope, 'cloudformation', `stack/${stackName}/*`, {
          reason: "A stack's ARN ends in an id that changes when it is made again; callers name the stack.",
        }),
      ),
    }),
    new PolicyStatement({
      sid: 'LookAtTable',
      actions: [
        'dynamodb:DescribeTable',
        'dynamodb:DescribeContinuousBackups',
        'dynamodb:DescribeTimeToLive',
      ],
      resources: [table.tableArn],
    }),
    new PolicyStatement({
      sid: 'LookAtFunction',
      actions: ['lambda:GetFunctionConfiguration', 'lambda:GetEventSourceMapping'],
      resources: [scoringFunction.functionArn, eventSource.eventSourceMappingArn],
    }),
    new PolicyStatement({
      sid: 'CountMessages',
      actions: ['sqs:GetQueueAttributes'],
      resources: [
        ...[work, rejected, deadLetter, rollbackFailures],
        ...[ingest.notifications, ingest.deadLetter],
      ].map(({ queueArn }) => queueArn),
    }),
    new PolicyStatement({
      sid: 'LookAtLogBucket',
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
    }),
    new PolicyStatement({
      sid: 'RehearseAlarms',
      actions: ['cloudwatch:SetAlarmState', 'cloudwatch:DescribeAlarmHistory'],
      resources: [
        wildcard(scope, 'cloudwatch', `${alarmPrefix(rollbackAlarmName(environmentName))}*`, {
          collection: 'alarm',
          reason: "The alarms are another stack's, and all have names that begin so.",
        }),
      ],
    }),
    new PolicyStatement({
      sid: 'LookAtSubscriptions',
      actions: ['sns:ListSubscriptionsByTopic'],
      resources: [
        wildcard(scope, 'sns', `${stacks.Monitoring.stackName}-*`, {
          reason: "The topic is another stack's, whose name CloudFormation puts before a topic's own.",
        }),
      ],
    }),
    new PolicyStatement({
      sid: 'LookAtAccount',
      // IAM supports no resources for these except the last: a policy that named each bucket of log files might become
      // too long.
      actions: [
        // CloudWatch returns composite alarms only to callers that may read all alarms.
        'cloudwatch:DescribeAlarms',
        'cloudwatch:GetMetricData',
        'lambda:GetAccountSettings',
        'logs:DescribeLogGroups',
        's3:GetBucketNotification',
      ],
      resources: ['*'],
    }),
  ];
}

/** ARN with a wildcard for names of this form, with the reason why that is acceptable. */
function wildcard(
  scope: Construct,
  service: string,
  name: string,
  { reason, collection }: { readonly reason: string; readonly collection?: string },
): string {
  const stack = Stack.of(scope);
  const arn = stack.formatArn(
    collection === undefined
      ? { service, resource: name }
      : { service, resource: collection, resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME },
  );
  Validations.of(scope).acknowledge({ id: wildcardFinding(stack, arn), reason });
  return arn;
}
