import { Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { EventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StackPart } from '../../lib/aws/stack-outputs.ts';
import {
  ADDRESS_PARTITION_PREFIX,
  ALLOWLIST_PARTITION,
  ANNOUNCED_PARTITION_PREFIX,
  FINDING_PARTITION_PREFIX,
  INTEL_PARTITION_PREFIX,
  LABEL_PARTITION_PREFIX,
  LIST_PARTITION_PREFIX,
  TIME_INDEX,
  UNIT_PARTITION_PREFIX,
} from '../../lib/store/table-schema.ts';
import type { Environment } from '../environment.ts';
import { wildcardFinding } from '../wildcard-finding.ts';
import { useOfKey } from './data-key.ts';
import { doctorStatements } from './doctor-statements.ts';
import { leadingKeys } from './leading-keys.ts';
import type { LogFiles } from './log-files.ts';
import { keyParameterArns } from './provider-keys.ts';
import type { SettingsParameters } from './settings-parameters.ts';
import type { WorkQueues } from './work-queues.ts';

export interface SitePoliciesProps {
  readonly environment: Environment;
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly settings: SettingsParameters;
  readonly logFiles: LogFiles;
  readonly scoringFunction: LambdaFunction;
  readonly eventSource: EventSourceMapping;
  readonly key: IKey | undefined;
  /** The stack of each part. */
  readonly stacks: Readonly<Record<StackPart, Stack>>;
}

/** Policies that a site attaches to its own roles; each allows what its commands call, and no more. */
export class SitePolicies extends Construct {
  /** `push`, `put`. */
  readonly producer: ManagedPolicy;
  /** `assessments`, `attention`, `report`, `stats`, `compare`, `replay`, `export`; `label` and `labels`. */
  readonly analyst: ManagedPolicy;
  /**
   * What an analyst reads, since changing settings begins with looking; `rejected`, `dlq` and `rollback-failures`; the
   * settings; `keys`, `intel` and `allow`; `doctor`.
   */
  readonly operator: ManagedPolicy;
  /** `forget`: separate, since it deletes assessments and labels, and changes the content of findings and summaries. */
  readonly eraser: ManagedPolicy;

  constructor(
    scope: Construct,
    id: string,
    {
      environment,
      table,
      queues,
      settings,
      logFiles,
      scoringFunction,
      eventSource,
      key,
      stacks,
    }: SitePoliciesProps,
  ) {
    super(scope, id);
    const { work, rejected, deadLetter, rollbackFailures } = queues;
    const findByEnvironment = new PolicyStatement({
      sid: 'FindByEnvironment',
      actions: ['cloudformation:DescribeStacks'],
      resources: [ownStackArn(this)],
    });
    const send = new PolicyStatement({
      sid: 'SendRecords',
      actions: ['sqs:SendMessage'],
      resources: [work.queueArn],
    });

    const readAssessments = new PolicyStatement({
      sid: 'ReadAssessments',
      actions: ['dynamodb:Query', 'dynamodb:BatchGetItem'],
      resources: [table.tableArn, `${table.tableArn}/index/${TIME_INDEX.name}`],
    });

    // Allowlisted addresses are left out of the output.
    const readAllowlist = new PolicyStatement({
      sid: 'ReadAllowlist',
      actions: ['dynamodb:GetItem'],
      resources: [table.tableArn],
      conditions: leadingKeys(ALLOWLIST_PARTITION),
    });

    const readSettings = new PolicyStatement({
      sid: 'ReadSettings',
      actions: ['ssm:GetParameters'],
      resources: [settings.arns.settings, settings.arns.initial],
    });

    this.producer = new ManagedPolicy(this, 'Producer', {
      description: `Push connection records to threat-consensus (${environment.name})`,
      statements: [
        findByEnvironment,
        send,
        putLogFiles(this, logFiles),
        ...useOfKey(this, key, { actions: 'send', services: ['dynamodb', 'sqs', 's3'] }),
      ],
    });
    this.analyst = new ManagedPolicy(this, 'Analyst', {
      description: `Read and label assessments of threat-consensus (${environment.name})`,
      statements: [
        findByEnvironment,
        readAssessments,
        readAllowlist,
        // `replay` uses them unless it is given others.
        readSettings,
        new PolicyStatement({
          sid: 'Label',
          actions: ['dynamodb:PutItem'],
          resources: [table.tableArn],
          // A label that clears an address decides on an announcement.
          conditions: leadingKeys(LABEL_PARTITION_PREFIX, ANNOUNCED_PARTITION_PREFIX),
        }),
        ...useOfKey(this, key, { actions: 'read' }),
      ],
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason:
        'DescribeAlarms returns composite alarms only where it is allowed on all alarms, and IAM knows no resources for ' +
        'metric data, account settings and the list of log groups; all of these read, and nothing else.',
    });
    this.operator = new ManagedPolicy(this, 'Operator', {
      description: `Change settings and redrive queues of threat-consensus (${environment.name})`,
      // IAM allows 6,144 characters, so similar permissions share a statement.
      statements: [
        readAssessments,
        readAllowlist,
        new PolicyStatement({
          sid: 'SendRecordsAndRetryLogFiles',
          actions: ['sqs:SendMessage'],
          resources: [work.queueArn, logFiles.ingest.notifications.queueArn],
        }),
        new PolicyStatement({
          sid: 'LookAndRedrive',
          actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
          resources: [rejected, deadLetter, logFiles.ingest.deadLetter].map(({ queueArn }) => queueArn),
        }),
        new PolicyStatement({
          sid: 'LookAndPurge',
          actions: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:PurgeQueue'],
          resources: [rollbackFailures.queueArn],
        }),
        new PolicyStatement({
          sid: 'ChangeSettings',
          actions: ['ssm:GetParameterHistory', 'ssm:PutParameter', 'ssm:DeleteParameter'],
          resources: [settings.arns.settings],
        }),
        readSettings,
        new PolicyStatement({
          sid: 'SetProviderKeys',
          actions: ['ssm:PutParameter'],
          resources: keyParameterArns(this, environment.name),
        }),
        new PolicyStatement({
          sid: 'ImportLists',
          actions: [
            'dynamodb:GetItem',
            'dynamodb:UpdateItem',
            'dynamodb:BatchWriteItem',
            'dynamodb:DeleteItem',
          ],
          resources: [table.tableArn],
          conditions: leadingKeys(LIST_PARTITION_PREFIX),
        }),
        new PolicyStatement({
          sid: 'ChangeAllowlist',
          actions: ['dynamodb:UpdateItem'],
          resources: [table.tableArn],
          conditions: leadingKeys(ALLOWLIST_PARTITION),
        }),
        ...doctorStatements(this, {
          environmentName: environment.name,
          table,
          queues,
          logFiles,
          scoringFunction,
          eventSource,
          stacks,
        }),
        ...useOfKey(this, key, { actions: 'both' }),
      ],
    });
    this.eraser = new ManagedPolicy(this, 'Eraser', {
      description: `Erase what is stored of an address in threat-consensus (${environment.name})`,
      statements: [
        findByEnvironment,
        readAssessments,
        // Reports entries for the address, which are not deleted.
        readAllowlist,
        new PolicyStatement({
          sid: 'Erase',
          actions: ['dynamodb:DeleteItem'],
          resources: [table.tableArn],
          conditions: leadingKeys(
            ADDRESS_PARTITION_PREFIX,
            FINDING_PARTITION_PREFIX,
            LABEL_PARTITION_PREFIX,
            ANNOUNCED_PARTITION_PREFIX,
            INTEL_PARTITION_PREFIX,
          ),
        }),
        // Removes the address from items that are about other addresses too.
        new PolicyStatement({
          sid: 'EraseMentions',
          actions: ['dynamodb:UpdateItem'],
          resources: [table.tableArn],
          conditions: leadingKeys(ADDRESS_PARTITION_PREFIX, FINDING_PARTITION_PREFIX, UNIT_PARTITION_PREFIX),
        }),
        ...useOfKey(this, key, { actions: 'both' }),
      ],
    });
  }
}

/** Incomplete multipart uploads are removed by the bucket's own rule. */
function putLogFiles(scope: Construct, { bucket }: LogFiles): PolicyStatement {
  const objects = bucket.arnForObjects('*');
  Validations.of(scope).acknowledge({
    id: wildcardFinding(Stack.of(scope), objects),
    reason: 'Producers choose the names of their log files.',
  });
  return new PolicyStatement({
    sid: 'PutLogFiles',
    actions: ['s3:PutObject'],
    resources: [objects],
  });
}

/** The stack with the outputs, for `--env`. */
function ownStackArn(scope: Construct): string {
  const stack = Stack.of(scope);
  const arn = stack.formatArn({ service: 'cloudformation', resource: `stack/${stack.stackName}/*` });
  Validations.of(scope).acknowledge({
    id: wildcardFinding(stack, arn),
    reason: "A stack's ARN ends in an id that changes when it is made again; callers name the stack.",
  });
  return arn;
}
