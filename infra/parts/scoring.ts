import { Duration, type Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StackPart } from '../../lib/aws/stack-outputs.ts';
import { Announcements } from '../announcements/announcements.ts';
import { FeedFunction } from '../constructs/feed-function.ts';
import { LogFiles } from '../constructs/log-files.ts';
import { ScoringFunction } from '../constructs/scoring-function.ts';
import { SettingsParameters } from '../constructs/settings-parameters.ts';
import { SitePolicies } from '../constructs/site-policies.ts';
import { WorkQueues } from '../constructs/work-queues.ts';
import type { Environment } from '../environment.ts';

export interface ScoringProps {
  readonly environment: Environment;
  readonly table: Table;
  readonly key: IKey | undefined;
  /** One of the site's own buses, for announcements. */
  readonly bus: IEventBus | undefined;
  /** The stack of each part. */
  readonly stacks: Readonly<Record<StackPart, Stack>>;
}

const FUNCTION_TIMEOUT = Duration.seconds(30);

/** The scoring part: queues, functions and settings, and the policies of their users. */
export class Scoring extends Construct {
  readonly queues: WorkQueues;
  readonly settings: SettingsParameters;
  readonly scoring: ScoringFunction;
  readonly feeds: FeedFunction;
  readonly logFiles: LogFiles;
  readonly announcements: Announcements;
  readonly policies: SitePolicies;

  constructor(scope: Construct, id: string, { environment, table, key, bus, stacks }: ScoringProps) {
    super(scope, id);
    this.queues = new WorkQueues(this, 'Queues', { environment, functionTimeout: FUNCTION_TIMEOUT, key });
    this.settings = new SettingsParameters(this, 'Settings', environment.name);
    const { queues, settings } = this;
    this.scoring = new ScoringFunction(this, 'ScoreConnections', {
      environment,
      timeout: FUNCTION_TIMEOUT,
      table,
      queues,
      settings,
      key,
    });
    this.feeds = new FeedFunction(this, 'RefreshFeeds', { environment, table, key });
    this.logFiles = new LogFiles(this, 'LogFiles', { environment, table, queues, key });
    this.announcements = new Announcements(this, 'Announcements', {
      environment,
      functionTimeout: FUNCTION_TIMEOUT,
      table,
      queue: queues.announcements,
      bus,
      key,
    });
    this.policies = new SitePolicies(this, 'Policies', {
      environment,
      table,
      queues,
      settings,
      logFiles: this.logFiles,
      scoringFunction: this.scoring.handler,
      eventSource: this.scoring.eventSource,
      key,
      stacks,
    });
  }
}
