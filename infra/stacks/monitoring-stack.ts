import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { WorkQueues } from '../constructs/work-queues.ts';
import type { Environment } from '../select-environment.ts';

export interface MonitoringStackProps extends StackProps {
  readonly environment: Environment;
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly scoringFunction: IFunction;
}

/** What watches: alarms, where they are told, and the dashboard. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, { environment: _, ...props }: MonitoringStackProps) {
    super(scope, id, props);
    new CfnLogGroup(this, 'Placeholder');
  }
}
