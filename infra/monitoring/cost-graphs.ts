import { type GraphWidgetProps, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { TIME_INDEX } from '../../lib/store/table-schema.ts';
import type { WorkQueues } from '../constructs/work-queues.ts';
import { graph } from './graphs.ts';

export interface CostSources {
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly scoringFunction: LambdaFunction;
}

/** Graphs of the quantities that determine the bill; docs/performance.md has the price of each. */
export function costGraphs({ table, queues, scoringFunction }: CostSources): GraphWidgetProps[] {
  const ofQueue = (name: string, label: string) => queues.work.metric(name, { label, statistic: Stats.SUM });
  return [
    graph('Cost: executions', {
      left: [scoringFunction.metricInvocations({ label: 'invocations' })],
      right: [scoringFunction.metricDuration({ label: 'duration, ms', statistic: Stats.SUM })],
      rightYAxis: { min: 0 },
    }),
    graph('Cost: write units', {
      left: [
        table.metricConsumedWriteCapacityUnits({ label: 'table', statistic: Stats.SUM }),
        table.metricConsumedWriteCapacityUnits({
          label: 'index',
          statistic: Stats.SUM,
          dimensionsMap: { TableName: table.tableName, GlobalSecondaryIndexName: TIME_INDEX.name },
        }),
      ],
    }),
    graph('Cost: messages and polls', {
      left: [
        ofQueue('NumberOfMessagesSent', 'messages sent'),
        ofQueue('NumberOfMessagesReceived', 'messages received'),
        ofQueue('NumberOfEmptyReceives', 'polls that found nothing'),
      ],
    }),
  ];
}
