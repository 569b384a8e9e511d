import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import type { AlarmTopic } from '../monitoring/alarm-topic.ts';
import { ServiceFunction } from './service-function.ts';
import type { SettingsParameters } from './settings-parameters.ts';

export interface RollbackFunctionProps {
  readonly environment: Environment;
  readonly settings: SettingsParameters;
  /** Name of the alarm that triggers the rollback. */
  readonly alarmName: string;
  /** Receives its notices. */
  readonly topic: AlarmTopic;
  /** Queue of the events it failed on. */
  readonly failures: IQueue;
  readonly key: IKey | undefined;
}

/** Actions on the key of an encrypted topic that publishing requires. Source: SNS Developer Guide, "Key management". */
const PUBLISH_ENCRYPTED = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** An event that waited longer is for humans. */
export const LATEST = Duration.hours(1);

/**
 * Reserved concurrency, which no other function of the account can take: two of the three rules may fire at the same
 * moment.
 */
const RESERVED_EXECUTIONS = 2;

/** The function that rolls back the settings. */
export class RollbackFunction extends ServiceFunction {
  constructor(
    scope: Construct,
    id: string,
    { environment, settings, alarmName, topic, failures, key }: RollbackFunctionProps,
  ) {
    super(scope, id, {
      environment,
      name: 'roll-back-cutover',
      description: 'Keeps the mode at legacy while the rollback alarm is on',
      // It waits for three services; half a virtual CPU starts it in a second.
      memoryMegabytes: 512,
      timeout: Duration.seconds(30),
      variables: {
        SETTINGS_PARAMETER: settings.names.settings,
        INITIAL_SETTINGS_PARAMETER: settings.names.initial,
        ROLLBACK_ALARM: alarmName,
        ALARM_TOPIC_ARNS: topic.all.map(({ topicArn }) => topicArn).join(','),
      },
      key,
      keyUse: { actions: 'send' },
      options: {
        // Retried after one minute and again two minutes later.
        retryAttempts: 2,
        maxEventAge: LATEST,
        onFailure: new SqsDestination(failures),
        ...(environment.reserveRollbackConcurrency && { reservedConcurrentExecutions: RESERVED_EXECUTIONS }),
      },
    });
    this.allow(
      [settings.arns.settings],
      ['ssm:GetParameterHistory', 'ssm:GetParameters', 'ssm:PutParameter'],
    );
    this.allow([settings.arns.initial], ['ssm:GetParameters']);
    this.allow(['*'], ['cloudwatch:DescribeAlarms']);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason:
        'DescribeAlarms returns composite alarms only where it is allowed on all alarms; it reads, and nothing else.',
    });
    for (const { topicArn } of topic.all) this.allow([topicArn], ['sns:Publish']);
    for (const { masterKey } of topic.given) masterKey?.grant(this.role, ...PUBLISH_ENCRYPTED);
    this.allow([topic.key.keyArn], PUBLISH_ENCRYPTED);
    topic.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Rollback',
        principals: [this.role],
        actions: PUBLISH_ENCRYPTED,
        resources: ['*'],
      }),
    );
  }
}
