import type { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { AnnouncementTargets } from './announcement-targets.ts';
import { AnnouncingFunction } from './announcing-function.ts';
import { FindingsBus } from './findings-bus.ts';

export interface AnnouncementsProps {
  readonly environment: Environment;
  readonly functionTimeout: Duration;
  readonly table: Table;
  /** Invokes the function that sends. */
  readonly queue: Queue;
  /** One of the site's own buses. */
  readonly bus: IEventBus | undefined;
  readonly key: IKey | undefined;
}

/** Sending of announcements: the function, the bus, and the targets. */
export class Announcements extends Construct {
  readonly bus: IEventBus;
  readonly handler: LambdaFunction;
  /** Queues of failed deliveries, by target name. */
  readonly undelivered: ReadonlyMap<string, Queue>;

  constructor(
    scope: Construct,
    id: string,
    { environment, functionTimeout, table, queue, bus: given, key }: AnnouncementsProps,
  ) {
    super(scope, id);
    this.bus = new FindingsBus(this, 'Findings', { environment, given, key }).bus;
    const { bus } = this;
    this.handler = new AnnouncingFunction(this, 'AnnounceFindings', {
      environment,
      timeout: functionTimeout,
      table,
      queue,
      bus,
      key,
    }).handler;
    this.undelivered = new AnnouncementTargets(this, 'Targets', { environment, bus, key }).undelivered;
  }
}
