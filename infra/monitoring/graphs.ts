import { GraphWidget, type GraphWidgetProps, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmKey } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';

export const WHOLE_WIDTH = 24;
const HEIGHT = 6;

/** A graph whose axis begins at 0: any other makes small changes look big. */
export function graph(title: string, props: GraphWidgetProps): GraphWidgetProps {
  return { title, height: HEIGHT, leftYAxis: { min: 0 }, ...props };
}

/** The metrics that alarms watch, with their thresholds. */
export function graphOfAlarms(title: string, alarms: Alarms, keys: readonly AlarmKey[]): GraphWidgetProps {
  const watching = keys.map((key) => alarms.get(key));
  return graph(title, {
    // Two alarms may watch the same metric.
    left: [...new Set(watching.map(({ alarmDefinition }) => alarmDefinition.metric))],
    leftAnnotations: watching.map(({ annotation }) => annotation),
  });
}

/** Graphs in a row, sharing the available width. */
export function rowOf(graphs: readonly GraphWidgetProps[]): IWidget[] {
  return graphs.map((props) => new GraphWidget({ ...props, width: WHOLE_WIDTH / graphs.length }));
}
