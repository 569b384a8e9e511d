import { Duration, Validations } from 'aws-cdk-lib';
import { Grant, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { metricsServiceName } from '../../lib/telemetry/metric-names.ts';
import { handlerCode } from '../bundling/handler-code.ts';
import type { AlarmTopic } from '../monitoring/alarm-topic.ts';
import type { Environment } from '../select-environment.ts';
import { useOfKey } from './data-key.ts';
import { functionOptions } from './function-options.ts';
import { checkedVariables } from './function-variables.ts';
import { removalPolicyOf } from './removal-policy.ts';
import type { SettingsParameters } from './settings-parameters.ts';

export interface RollbackFunctionProps {
  readonly environment: Environment;
  readonly settings: SettingsParameters;
  /** Name of the alarm that takes the settings back. */
  readonly alarmName: string;
  /** Where it says what it did. */
  readonly topic: AlarmTopic;
  /** Where events wait that it failed on. */
  readonly failures: IQueue;
  readonly key: Key | undefined;
}

/** What who publishes to an encrypted topic needs of its key. Source: SNS Developer Guide, "Key management". */
const PUBLISH_ENCRYPTED = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** An event that waited longer is for humans. */
export const LATEST = Duration.hours(1);

/** Executions that no other function of the account can take: two of the three rules may fire at the same moment. */
const RESERVED_EXECUTIONS = 2;

/** The function that takes the settings back. */
export class RollbackFunction extends Construct {
  readonly handler: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(
    scope: Construct,
    id: string,
    { environment, settings, alarmName, topic, failures, key }: RollbackFunctionProps,
  ) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: environment.logRetentionDays,
      removalPolicy: removalPolicyOf(environment),
      ...(key && { encryptionKey: key }),
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.handler = new LambdaFunction(this, 'Function', {
      description: 'Keeps the mode at legacy while the rollback alarm is on',
      code: handlerCode('roll-back-cutover'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // It waits for three services; half a virtual CPU starts it in a second.
      memorySize: 512,
      timeout: Duration.seconds(30),
      role,
      logGroup: this.logGroup,
      // Tried again after one minute and after two more.
      retryAttempts: 2,
      maxEventAge: LATEST,
      onFailure: new SqsDestination(failures),
      ...(environment.reserveRollbackConcurrency && { reservedConcurrentExecutions: RESERVED_EXECUTIONS }),
      ...functionOptions(environment),
      environment: checkedVariables(environment, 'roll-back-cutover', {
        SETTINGS_PARAMETER: settings.names.settings,
        INITIAL_SETTINGS_PARAMETER: settings.names.initial,
        ROLLBACK_ALARM: alarmName,
        ALARM_TOPIC_ARNS: topic.all.map(({ topicArn }) => topicArn).join(','),
        POWERTOOLS_SERVICE_NAME: metricsServiceName(environment.name),
        POWERTOOLS_LOG_LEVEL: environment.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
      }),
    });
    for (const statement of useOfKey(this, key, 'send')) role.addToPolicy(statement);
    this.#allow(settings.arns.settings, 'ssm:GetParameterHistory', 'ssm:GetParameters', 'ssm:PutParameter');
    this.#allow(settings.arns.initial, 'ssm:GetParameters');
    this.#allow('*', 'cloudwatch:DescribeAlarms');
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason:
        'DescribeAlarms returns composite alarms only where it is allowed on all alarms; it reads, and nothing else.',
    });
    for (const { topicArn } of topic.all) this.#allow(topicArn, 'sns:Publish');
    this.#allow(topic.key.keyArn, ...PUBLISH_ENCRYPTED);
    topic.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Rollback',
        principals: [role],
        actions: PUBLISH_ENCRYPTED,
        resources: ['*'],
      }),
    );
    this.logGroup.grantWrite(role);
  }

  #allow(resourceArn: string, ...actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee: this.handler, actions, resourceArns: [resourceArn] });
  }
}
