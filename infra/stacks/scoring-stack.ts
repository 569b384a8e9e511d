import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type DeployedWith, NO_NETWORKS, OUTPUTS, rollbackAlarmName } from '../../lib/aws/stack-outputs.ts';
import { writeSharedThresholds } from '../../lib/statistics/readiness-thresholds.ts';
import { Announcements } from '../announcements/announcements.ts';
import { FeedFunction } from '../constructs/feed-function.ts';
import { LogFiles } from '../constructs/log-files.ts';
import { ScoringFunction } from '../constructs/scoring-function.ts';
import { SettingsParameters } from '../constructs/settings-parameters.ts';
import { SitePolicies } from '../constructs/site-policies.ts';
import { WorkQueues } from '../constructs/work-queues.ts';
import type { Environment } from '../select-environment.ts';

export interface ScoringStackProps extends StackProps {
  readonly environment: Environment;
  readonly table: Table;
  readonly key: Key | undefined;
}

/** What would set an alarm off once the consensus score is in use is no state to begin using it in. */
function readinessThresholds({ alarms }: Environment): string {
  const { consensusFailureRate, uncertaintyRate, averageScore } = alarms;
  return writeSharedThresholds({ failureRate: consensusFailureRate, uncertaintyRate, averageScore });
}

function deployedWith(environment: Environment): string {
  const { removalPolicy, logRetentionDays, maximumConcurrency, reserveRollbackConcurrency, logFiles } =
    environment;
  return JSON.stringify({
    isDataRetained: removalPolicy === 'retain',
    logRetentionDays,
    maximumConcurrency,
    isRollbackReserved: reserveRollbackConcurrency === true,
    existingLogBuckets: [...new Set(logFiles.existing.map(({ bucket }) => bucket))],
  } satisfies DeployedWith);
}

const FUNCTION_TIMEOUT = Duration.seconds(30);

/** What scores: queues, function and settings, and who may do what with them. */
export class ScoringStack extends Stack {
  readonly queues: WorkQueues;
  readonly scoringFunction: LambdaFunction;
  readonly feedFunction: LambdaFunction;
  readonly logFiles: LogFiles;
  readonly settings: SettingsParameters;
  readonly announcements: Announcements;

  constructor(scope: Construct, id: string, { environment, table, key, ...props }: ScoringStackProps) {
    super(scope, id, props);
    this.queues = new WorkQueues(this, 'Queues', { environment, functionTimeout: FUNCTION_TIMEOUT, key });
    this.settings = new SettingsParameters(this, 'Settings', environment.name);
    const { queues, settings } = this;
    const { handler, eventSource, logGroup } = new ScoringFunction(this, 'ScoreConnections', {
      environment,
      timeout: FUNCTION_TIMEOUT,
      table,
      queues,
      settings,
      key,
    });
    this.scoringFunction = handler;
    this.feedFunction = new FeedFunction(this, 'RefreshFeeds', { environment, table, key }).handler;
    this.logFiles = new LogFiles(this, 'LogFiles', { environment, table, queues, key });
    const { logFiles } = this;
    this.announcements = new Announcements(this, 'Announcements', {
      environment,
      functionTimeout: FUNCTION_TIMEOUT,
      table,
      queue: queues.announcements,
      key,
    });
    const policies = new SitePolicies(this, 'Policies', {
      environment,
      table,
      queues,
      settings,
      logFiles,
      scoringFunction: handler,
      eventSource,
      key,
    });

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output(OUTPUTS.table, table.tableName, 'Holds the assessments');
    output(OUTPUTS.workQueue, queues.work.queueUrl, 'Where producers send connection records');
    output(OUTPUTS.rejectedQueue, queues.rejected.queueUrl, 'Invalid records and why');
    output(OUTPUTS.deadLetterQueue, queues.deadLetter.queueUrl, 'Messages that kept failing');
    output(
      OUTPUTS.rollbackFailuresQueue,
      queues.rollbackFailures.queueUrl,
      'Events on which the rollback function failed',
    );
    output(
      OUTPUTS.announcementsQueue,
      queues.announcements.queueUrl,
      'Triggers the function that sends announcements',
    );
    output(OUTPUTS.eventBus, this.announcements.bus.eventBusName, 'Where announcements are put');
    const { names } = settings;
    output(OUTPUTS.settingsParameter, names.settings, 'The settings in force, once any have been set');
    output(OUTPUTS.initialSettingsParameter, names.initial, 'The settings in force until then');
    // The alarm is another stack's; it stands here, where commands look.
    output(
      OUTPUTS.rollbackAlarm,
      rollbackAlarmName(environment.name),
      'Rolls the settings back automatically',
    );
    output(
      OUTPUTS.homeNetworks,
      // CloudFormation takes no empty value.
      environment.homeNetworks.join(',') || NO_NETWORKS,
      "The site's own networks, whose addresses are ignored in lists",
    );
    output(
      OUTPUTS.readinessThresholds,
      readinessThresholds(environment),
      'The thresholds that `threat-consensus compare` uses',
    );
    output(OUTPUTS.scoringFunction, handler.functionName, 'Scores');
    output(OUTPUTS.eventSource, eventSource.eventSourceMappingId, 'Reads the work queue');
    output(OUTPUTS.scoringLogGroup, logGroup.logGroupName, 'What the function logs');
    output(
      OUTPUTS.deployedWith,
      deployedWith(environment),
      'The values that `threat-consensus doctor` expects',
    );
    const { notifications, deadLetter } = logFiles.ingest;
    output(OUTPUTS.logBucket, logFiles.bucket.bucketName, 'Where log files are put to be read');
    output(OUTPUTS.ingestQueue, notifications.queueUrl, 'Notifications of new log files');
    output(OUTPUTS.ingestDeadLetterQueue, deadLetter.queueUrl, 'Log files that cannot be read');
    output(OUTPUTS.logReader, logFiles.reader.handler.functionName, 'Reads log files');
    output('ProducerPolicyArn', policies.producer.managedPolicyArn, 'For producers of records');
    output(
      'AnalystPolicyArn',
      policies.analyst.managedPolicyArn,
      'For analysts who read and label assessments',
    );
    output(
      OUTPUTS.operatorPolicy,
      policies.operator.managedPolicyArn,
      'For operators who change settings and redrive queues',
    );
  }
}
