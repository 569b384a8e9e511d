import { GraphWidget, type GraphWidgetProps } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmKey } from './alarm-catalogue.ts';
import type { Alarms } from './alarms.ts';

const HEIGHT = 6;

/** A graph that begins at 0: one that does not makes a small thing look big. */
export function graph(title: string, props: GraphWidgetProps): GraphWidget {
  return new GraphWidget({ title, height: HEIGHT, leftYAxis: { min: 0 }, ...props });
}

/** What alarms watch, with their thresholds drawn in. */
export function graphOfAlarms(title: string, alarms: Alarms, keys: readonly AlarmKey[]): GraphWidget {
  const watching = keys.map((key) => alarms.get(key));
  return graph(title, {
    // Two alarms may watch one figure.
    left: [...new Set(watching.map(({ alarmDefinition }) => alarmDefinition.metric))],
    leftAnnotations: watching.map(({ annotation }) => annotation),
  });
}
