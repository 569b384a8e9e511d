import { Duration, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { keyParameter, keysPath } from '../../lib/intelligence/keys/keys-path.ts';
import { LIST_PARTITION_PREFIX } from '../../lib/store/table-schema.ts';
import { METRICS_NAMESPACE, metricsServiceName } from '../../lib/telemetry/metric-names.ts';
import { handlerCode } from '../bundling/handler-code.ts';
import type { Environment } from '../select-environment.ts';
import { useOfKey } from './data-key.ts';
import { acknowledgeTracing, functionOptions } from './function-options.ts';
import { checkedVariables } from './function-variables.ts';
import { leadingKeys } from './leading-keys.ts';
import { removalPolicyOf } from './removal-policy.ts';

export interface FeedFunctionProps {
  readonly environment: Environment;
  readonly table: Table;
  readonly key: Key | undefined;
}

/** How often the function looks which feeds are due; each feed says for itself how often it is fetched. */
const LOOK_EVERY = Duration.hours(1);
/** A million entries are read, sorted and packed by one whole virtual CPU in less than a minute. */
const MEMORY_MEGABYTES = 1769;
/** For some lists one after the other. What is left has its turn the next time. */
const TIMEOUT = Duration.minutes(5);

/** Items of lists and of feeds, and nothing else. */
const TABLE_ACTIONS = ['GetItem', 'BatchGetItem', 'BatchWriteItem', 'UpdateItem', 'DeleteItem'].map(
  (operation) => `dynamodb:${operation}`,
);

/** The function that refreshes lists of addresses, and its schedule. */
export class FeedFunction extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { environment, table, key }: FeedFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: environment.logRetentionDays,
      removalPolicy: removalPolicyOf(environment),
      ...(key && { encryptionKey: key }),
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const path = keysPath(environment.name);
    this.handler = new LambdaFunction(this, 'Function', {
      description: 'Refreshes the lists of addresses that feeds publish',
      code: handlerCode('refresh-feeds'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MEGABYTES,
      timeout: TIMEOUT,
      role,
      logGroup,
      // The next turn is the next attempt, and asks publishers no more often than they want.
      retryAttempts: 0,
      ...functionOptions(environment),
      environment: checkedVariables(environment, 'refresh-feeds', {
        TABLE_NAME: table.tableName,
        FEEDS: JSON.stringify(environment.feeds),
        PROVIDER_KEYS_PATH: path,
        HOME_NETWORKS: environment.homeNetworks.join(','),
        POWERTOOLS_SERVICE_NAME: metricsServiceName(environment.name),
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: environment.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
      }),
    });
    for (const statement of useOfKey(this, key, 'both')) role.addToPolicy(statement);
    if (environment.tracing) acknowledgeTracing(this);
    Grant.addToPrincipal({
      grantee: this.handler,
      actions: TABLE_ACTIONS,
      resourceArns: [table.tableArn],
      conditions: leadingKeys(LIST_PARTITION_PREFIX),
    });
    const keyArn = Stack.of(this).formatArn({
      service: 'ssm',
      resource: `parameter${keyParameter(path, 'abuseipdb')}`,
    });
    Grant.addToPrincipal({ grantee: this.handler, actions: ['ssm:GetParameter'], resourceArns: [keyArn] });
    logGroup.grantWrite(role);
    new Rule(this, 'Regularly', {
      description: 'Looks which feeds are due, and refreshes them',
      schedule: Schedule.rate(LOOK_EVERY),
      targets: [new FunctionTarget(this.handler, { retryAttempts: 0 })],
    });
  }
}
