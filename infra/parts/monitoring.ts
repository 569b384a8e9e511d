import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { chooseFeeds } from '../../lib/intelligence/feeds/choose-feeds.ts';
import type { Environment } from '../environment.ts';
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
import type { Scoring } from './scoring.ts';

export interface MonitoringProps {
  readonly environment: Environment;
  readonly table: Table;
  readonly key: IKey | undefined;
  /** The monitored part. */
  readonly scoring: Scoring;
  /** Topics of the site, in addition to those that the environment names. */
  readonly topics: readonly ITopic[];
}

/** The monitoring part: alarms and their topics, the automatic rollback, and the dashboard. */
export class Monitoring extends Construct {
  readonly topic: AlarmTopic;
  /** By key, for code that acts on them. */
  readonly alarms: Alarms;
  readonly rollback: AutomaticRollback;
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { environment, table, key, scoring, topics }: MonitoringProps) {
    super(scope, id);
    const { queues, logFiles, announcements, settings } = scoring;
    this.topic = new AlarmTopic(this, 'Alarms', environment, topics);
    this.alarms = new Alarms(this, 'Monitoring', environment, this.topic.all);
    const metrics = new ScoringMetrics(environment.name);
    const { alarms, topic } = this;
    const watched = { table, queues, scoringFunction: scoring.scoring.handler };
    addScoringAlarms(alarms, metrics, environment.alarms);
    addLookUpAlarms(alarms, metrics);
    const hasFeeds = chooseFeeds(environment.feeds).length > 0;
    addFeedAlarms(alarms, metrics, scoring.feeds.handler, hasFeeds);
    addLogFileAlarms(alarms, metrics, logFiles, environment.alarms);
    const { undelivered } = announcements;
    addAnnouncementAlarms(alarms, { queue: queues.announcements, undelivered, metrics });
    addStandardMonitoring(alarms, { ...watched, thresholds: environment.alarms, metrics });
    this.rollback = new AutomaticRollback(this, 'Rollback', {
      environment,
      alarms,
      topic,
      settings,
      failures: queues.rollbackFailures,
      key,
    });
    if (environment.monthlyBudget !== undefined)
      new MonthlyBudget(this, 'Budget', { environment, ...environment.monthlyBudget, topic });
    this.dashboard = addDashboard(this, 'Dashboard', {
      ...watched,
      environmentName: environment.name,
      alarms,
      metrics,
    });
  }
}
