import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { MONITORING_OUTPUTS } from '../../lib/aws/stack-outputs.ts';
import type { Announcements } from '../announcements/announcements.ts';
import type { LogFiles } from '../constructs/log-files.ts';
import type { SettingsParameters } from '../constructs/settings-parameters.ts';
import type { WorkQueues } from '../constructs/work-queues.ts';
import { AlarmTopic } from '../monitoring/alarm-topic.ts';
import { Alarms } from '../monitoring/alarms.ts';
import { addAnnouncementAlarms } from '../monitoring/announcement-alarms.ts';
import { AutomaticRollback } from '../monitoring/automatic-rollback.ts';
import { addDashboard } from '../monitoring/dashboard.ts';
import { addFeedAlarms } from '../monitoring/feed-alarms.ts';
import { addLogFileAlarms } from '../monitoring/log-file-alarms.ts';
import { addLookUpAlarms } from '../monitoring/look-up-alarms.ts';
import { MonthlyBudget } from '../monitoring/monthly-budget.ts';
import { addScoringAlarms } from '../monitoring/scoring-alarms.ts';
import { ScoringMetrics } from '../monitoring/scoring-metrics.ts';
import { addStandardMonitoring } from '../monitoring/standard-monitoring.ts';
import type { Environment } from '../select-environment.ts';

export interface MonitoringStackProps extends StackProps {
  readonly environment: Environment;
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly scoringFunction: LambdaFunction;
  readonly feedFunction: LambdaFunction;
  readonly logFiles: LogFiles;
  readonly settings: SettingsParameters;
  readonly announcements: Announcements;
  readonly key: Key | undefined;
}

/** What watches: alarms, where they are reported, what takes the settings back, and the dashboard. */
export class MonitoringStack extends Stack {
  /** By their keys, for what acts on them. */
  readonly alarms: Alarms;

  constructor(
    scope: Construct,
    id: string,
    {
      environment,
      table,
      queues,
      scoringFunction,
      feedFunction,
      logFiles,
      settings,
      announcements,
      key,
      ...props
    }: MonitoringStackProps,
  ) {
    super(scope, id, props);
    const topic = new AlarmTopic(this, 'Alarms', environment);
    this.alarms = new Alarms(this, 'Monitoring', environment, topic.all);
    const metrics = new ScoringMetrics(environment.name);
    const { alarms } = this;
    const watched = { table, queues, scoringFunction };
    addScoringAlarms(alarms, metrics, environment.alarms);
    addLookUpAlarms(alarms, metrics);
    addFeedAlarms(alarms, metrics, feedFunction);
    addLogFileAlarms(alarms, metrics, logFiles, environment.alarms);
    const { undelivered } = announcements;
    addAnnouncementAlarms(alarms, { queue: queues.announcements, undelivered, metrics });
    addStandardMonitoring(alarms, { ...watched, thresholds: environment.alarms, metrics });
    const { rollback, onAlarm } = new AutomaticRollback(this, 'Rollback', {
      environment,
      alarms,
      topic,
      settings,
      failures: queues.rollbackFailures,
      key,
    });
    if (environment.monthlyBudget !== undefined)
      new MonthlyBudget(this, 'Budget', { environment, ...environment.monthlyBudget, topic });
    addDashboard(this, 'Dashboard', { ...watched, environmentName: environment.name, alarms, metrics });

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output(
      MONITORING_OUTPUTS.alarmTopic,
      topic.topic.topicArn,
      'Receives alarms; subscribe the people to notify',
    );
    output(
      MONITORING_OUTPUTS.rollbackFunction,
      rollback.handler.functionName,
      'Rolls the settings back to legacy',
    );
    output(
      MONITORING_OUTPUTS.rollbackRule,
      onAlarm.ruleName,
      'Runs that function when the rollback alarm goes off',
    );
    output(MONITORING_OUTPUTS.rollbackLogGroup, rollback.logGroup.logGroupName, 'What that function logs');
  }
}
