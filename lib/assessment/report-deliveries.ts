import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS } from '../telemetry/metric-names.ts';
import type { QueuedMessage } from './queued-message.ts';

/** A message that failed four times over twelve minutes does not recover by itself. */
const KEEPS_FAILING_FROM = 5;

/**
 * Reports messages that keep failing, and flushes the report at once: one of them may be about to kill the process, and
 * flushed output is not lost. Prints nothing if there are none.
 */
export function reportDeliveries(metrics: Metrics, messages: readonly QueuedMessage[]): void {
  const failing = messages.filter(({ receiveCount }) => receiveCount >= KEEPS_FAILING_FROM).length;
  if (failing === 0) return;
  metrics.addMetric(METRICS.messagesKeepFailing, MetricUnit.Count, failing);
  metrics.publishStoredMetrics();
}
