import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  PolicyDocument,
  PolicyStatement,
  type PolicyStatementProps,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { KEY_ADMINISTRATION } from './key-administration.ts';
import { removalPolicyOf } from './removal-policy.ts';

export interface DataKeyProps {
  readonly environment: Environment;
  /** The stacks whose log groups it encrypts. */
  readonly logStacks: readonly Stack[];
}

/**
 * The environment's own key, for table, queues, log files and logs. Administrators can manage but not use it; {@link
 * useStatements} lists its permitted uses.
 */
export class DataKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { environment, logStacks }: DataKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: `Table, queues and logs of threat-consensus (${environment.name})`,
      enableKeyRotation: true,
      // Retained data could not be read without it.
      removalPolicy: removalPolicyOf(environment),
      policy: new PolicyDocument({
        statements: [
          statement('Administration', new AccountRootPrincipal(), { actions: [...KEY_ADMINISTRATION] }),
          ...useStatements(Stack.of(this), logStacks),
        ],
      }),
    });
  }
}

/**
 * Adds the permissions that the service needs to the policy of a site's own key. The policy of an imported key is not
 * changed.
 */
export function letServicesUse(key: IKey, stack: Stack, logStacks: readonly Stack[]): void {
  for (const each of useStatements(stack, logStacks)) key.addToResourcePolicy(each);
}

/**
 * The users of the key: roles and policies of the account through DynamoDB, SQS and S3, if their own policies allow it;
 * CloudWatch Logs for the log groups of these stacks; S3 and topics, to report new log files; and EventBridge for the
 * bus of announcements and for events that it puts on queues, for which SQS documents no condition.
 */
function useStatements(stack: Stack, logStacks: readonly Stack[]): PolicyStatement[] {
  const account = new AccountRootPrincipal();
  return [
    // Source: Amazon DynamoDB Developer Guide, "DynamoDB encryption at rest usage notes" and "How it works".
    statement('UseThroughServices', account, {
      actions: [...KEY_USE],
      conditions: { StringEquals: { 'kms:ViaService': servicesOf(stack, [...ALL_DATA, 's3']) } },
    }),
    statement('GrantToTable', account, {
      actions: ['kms:CreateGrant'],
      conditions: {
        StringEquals: { 'kms:ViaService': servicesOf(stack, ALL_DATA) },
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      },
    }),
    // Source: CloudWatch Logs User Guide, "Encrypt log data using AWS KMS".
    statement('Logs', new ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`), {
      actions: [...KEY_USE],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroupsOf(stack, logStacks) } },
    }),
    // Source: Amazon SQS Developer Guide, "Key management"; EventBridge User Guide, "Encrypting event buses".
    statement('Events', new ServicePrincipal('events.amazonaws.com'), {
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
    }),
    // On the same page, for S3 and topics that report new log files.
    ...(['s3', 'sns'] as const).map((service) =>
      statement(`NewLogFiles${service.toUpperCase()}`, new ServicePrincipal(`${service}.amazonaws.com`), {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    ),
  ];
}

function statement(
  sid: string,
  principal: AccountRootPrincipal | ServicePrincipal,
  props: PolicyStatementProps,
): PolicyStatement {
  return new PolicyStatement({ sid, principals: [principal], resources: ['*'], ...props });
}

/** Actions of a service that encrypts with the key. */
const KEY_USE = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
] as const;

/** Actions of a principal with the key, through DynamoDB, SQS and S3. */
const USES = {
  /** Reading the table and its queues. */
  read: ['kms:Decrypt', 'kms:DescribeKey'],
  /** Sending to its queues. Source: Amazon SQS Developer Guide, "Key management". */
  send: ['kms:Decrypt', 'kms:GenerateDataKey'],
  both: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
} as const;

/** Data services used by everyone who works with the service; log files are only for those who put and read them. */
const ALL_DATA = ['dynamodb', 'sqs'] as const;

type DataService = (typeof ALL_DATA)[number] | 's3';

/** A principal's use of the key. */
export interface KeyUse {
  readonly actions: keyof typeof USES;
  /** The services that hold its data; table and queues if omitted. */
  readonly services?: readonly DataService[];
}

/** Allows the use of an environment's key, if it has one. */
export function useOfKey(
  scope: Construct,
  key: IKey | undefined,
  { actions, services = ALL_DATA }: KeyUse,
): PolicyStatement[] {
  if (key === undefined) return [];
  return [
    new PolicyStatement({
      sid: 'UseDataKey',
      actions: [...USES[actions]],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': servicesOf(scope, services) } },
    }),
  ];
}

function servicesOf(scope: Construct, services: readonly DataService[]): string[] {
  const { region } = Stack.of(scope);
  return services.map((service) => `${service}.${region}.amazonaws.com`);
}

/** CloudFormation's names of log groups begin with the name of their stack. */
function logGroupsOf(stack: Stack, logStacks: readonly Stack[]): string[] {
  return logStacks.map(({ stackName }) =>
    stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${stackName}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
}
