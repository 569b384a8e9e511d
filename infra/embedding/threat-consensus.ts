import { Tags } from 'aws-cdk-lib';
import type { AlarmBase, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { VARIABLES } from '../../lib/aws/stack-outputs.ts';
import { COST_TAG } from '../monitoring/monthly-budget.ts';
import { warnOfAlarmTargets, warnOfHomeNetworks } from '../omissions.ts';
import { monitoringOutputs, scoringOutputs } from '../outputs.ts';
import { defineParts } from '../parts/parts.ts';
import { checkSettings } from './check-settings.ts';
import { ownName } from './own-name.ts';
import type { ThreatConsensusProps } from './threat-consensus-props.ts';

/**
 * The whole service as a construct for other apps: queues, functions, table, alarms, rollback and dashboard.
 *
 * @example
 * const threats = new ThreatConsensus(stack, 'Threats', { homeNetworks: ['192.0.2.0/24'] });
 * threats.queue.grantSendMessages(sensor);
 */
export class ThreatConsensus extends Construct {
  /** Part of the names of metrics, alarms and parameters. */
  readonly name: string;
  /** Where producers send connection records. */
  readonly queue: Queue;
  /** Invalid records, verbatim, with the reason. */
  readonly rejectedQueue: Queue;
  /** Messages that kept failing. */
  readonly deadLetterQueue: Queue;
  /** Log files put here are read. */
  readonly logBucket: Bucket;
  /** Holds the assessments. */
  readonly table: Table;
  /** The encryption key of the data; undefined if AWS's own keys are used. */
  readonly key: IKey | undefined;
  /** The bus for announcements. */
  readonly eventBus: IEventBus;
  /** The deployment's own topic for alarms: subscribe to it to be notified. */
  readonly alarmTopic: Topic;
  readonly alarms: readonly AlarmBase[];
  /** The alarm that rolls the settings back to the legacy score. */
  readonly rollbackAlarm: AlarmBase;
  readonly dashboard: Dashboard;
  readonly functions: {
    readonly scoreConnections: LambdaFunction;
    readonly readLogFile: LambdaFunction;
    readonly refreshFeeds: LambdaFunction;
    readonly announceFindings: LambdaFunction;
    readonly rollBackCutover: LambdaFunction;
  };
  /** To attach to the roles of users; each allows what their commands call. */
  readonly policies: {
    readonly producer: ManagedPolicy;
    readonly analyst: ManagedPolicy;
    readonly eraser: ManagedPolicy;
    readonly operator: ManagedPolicy;
  };
  /** Environment variables for the command line: `WORK_QUEUE_URL`, `TABLE_NAME` and others. */
  readonly variables: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: ThreatConsensusProps) {
    super(scope, id);
    const { storageScope, alarmTopics = [] } = props;
    this.name = ownName(this, props.name);
    const environment = checkSettings(this.node.path, this.name, props);
    const parts = defineParts({
      environment,
      places: {
        Storage: storageScope ? { scope: storageScope, id: `${id}Storage` } : { scope: this, id: 'Storage' },
        Scoring: { scope: this, id: 'Scoring' },
        Monitoring: { scope: this, id: 'Monitoring' },
      },
      isTableProtected: props.deletionProtection === true,
      key: props.key,
      topics: alarmTopics,
      bus: props.announcementBus,
    });
    const { storage, scoring, monitoring } = parts;
    this.queue = scoring.queues.work;
    this.rejectedQueue = scoring.queues.rejected;
    this.deadLetterQueue = scoring.queues.deadLetter;
    this.logBucket = scoring.logFiles.bucket;
    this.table = storage.table;
    this.key = storage.key;
    this.eventBus = scoring.announcements.bus;
    this.alarmTopic = monitoring.topic.topic;
    this.alarms = monitoring.alarms.all();
    this.rollbackAlarm = monitoring.rollback.alarm;
    this.dashboard = monitoring.dashboard;
    this.functions = {
      scoreConnections: scoring.scoring.handler,
      readLogFile: scoring.logFiles.reader.handler,
      refreshFeeds: scoring.feeds.handler,
      announceFindings: scoring.announcements.handler,
      rollBackCutover: monitoring.rollback.rollback.handler,
    };
    const { producer, analyst, operator, eraser } = scoring.policies;
    this.policies = { producer, analyst, operator, eraser };
    const outputs = [...scoringOutputs(environment, storage, scoring), ...monitoringOutputs(monitoring)];
    this.variables = Object.fromEntries(
      outputs.flatMap(([name, value]) => {
        return isVariable(name) ? [[VARIABLES[name], value]] : [];
      }),
    );

    if (environment.monthlyBudget?.costsOf === 'environment') {
      for (const part of [this, storage]) Tags.of(part).add(COST_TAG, this.name);
    }
    warnOfHomeNetworks(this, environment);
    if (environment.alarmTargets.length + alarmTopics.length === 0) warnOfAlarmTargets(this, environment);
  }
}

function isVariable(output: string): output is keyof typeof VARIABLES {
  return Object.hasOwn(VARIABLES, output);
}
