import { GraphWidget, type GraphWidgetProps, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmKey } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';

export const WHOLE_WIDTH = 24;
const HEIGHT = 6;

/** A graph that begins at 0: one that does not makes a small thing look big. */
export function graph(title: string, props: GraphWidgetProps): GraphWidgetProps {
  return { title, height: HEIGHT, leftYAxis: { min: 0 }, ...props };
}

/** What alarms watch, with their thresholds drawn in. */
export function graphOfAlarms(title: string, alarms: Alarms, keys: readonly AlarmKey[]): GraphWidgetProps {
  const watching = keys.map((key) => alarms.get(key));
  return graph(title, {
    // Two alarms may watch one figure.
    left: [...new Set(watching.map(({ alarmDefinition }) => alarmDefinition.metric))],
    leftAnnotations: watching.map(({ annotation }) => annotation),
  });
}

/** Graphs side by side, as wide as there is room. */
export function rowOf(graphs: readonly GraphWidgetProps[]): IWidget[] {
  return graphs.map((props) => new GraphWidget({ ...props, width: WHOLE_WIDTH / graphs.length }));
}
