import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS } from '../telemetry/metric-names.ts';
import type { QueuedMessage } from './queued-message.ts';

/** What failed four times, twelve minutes long, does not pass by itself. */
const KEEPS_FAILING_FROM = 5;

/**
 * Reports messages that keep failing, and has that printed at once: one of them may be about to end the process, and
 * what is printed by then is not lost. Prints nothing if there are none.
 */
export function reportDeliveries(metrics: Metrics, messages: readonly QueuedMessage[]): void {
  const failing = messages.filter(({ receiveCount }) => receiveCount >= KEEPS_FAILING_FROM).length;
  if (failing === 0) return;
  metrics.addMetric(METRICS.messagesKeepFailing, MetricUnit.Count, failing);
  metrics.publishStoredMetrics();
}
