import type { InvocationOutcome } from '../runtime/execution-environment.ts';
import type { MetricDatum } from './embedded-metrics.ts';

type UntimedDatum = Omit<MetricDatum, 'timestampMs'>;

/**
 * Lambda's metrics of an invocation, as far as alarms use them. Source: AWS Lambda Developer Guide, "Types of metrics
 * for Lambda functions".
 */
export function invocationMetrics(functionName: string, outcome: InvocationOutcome): UntimedDatum[] {
  const dimensions = { FunctionName: functionName };
  const metric = (name: string, value: number) => ({ namespace: 'AWS/Lambda', name, dimensions, value });
  return [
    metric('Invocations', 1),
    metric('Errors', outcome.status === 'failed' ? 1 : 0),
    metric('Duration', outcome.durationMs),
    metric('Throttles', 0),
  ];
}

/**
 * EventBridge's metrics of an attempt to deliver an event to a rule's target. Source: EventBridge User Guide,
 * "Monitoring Amazon EventBridge".
 */
export function ruleMetrics(ruleName: string, attempt: 'delivered' | 'failed' | 'given_up'): UntimedDatum[] {
  const name = { delivered: 'Invocations', failed: 'RetryInvocationAttempts', given_up: 'FailedInvocations' }[
    attempt
  ];
  return [{ namespace: 'AWS/Events', name, dimensions: { RuleName: ruleName }, value: 1 }];
}

export interface QueueFigures {
  readonly visible: number;
  readonly inFlight: number;
  readonly oldestAgeSeconds: number;
}

/**
 * SQS's metrics of a queue, each minute. Source: Amazon SQS Developer Guide, "Available CloudWatch metrics for Amazon
 * SQS".
 */
export function queueMetrics(queueName: string, figures: QueueFigures): UntimedDatum[] {
  const dimensions = { QueueName: queueName };
  const metric = (name: string, value: number) => ({ namespace: 'AWS/SQS', name, dimensions, value });
  return [
    metric('ApproximateNumberOfMessagesVisible', figures.visible),
    metric('ApproximateNumberOfMessagesNotVisible', figures.inFlight),
    metric('ApproximateAgeOfOldestMessage', figures.oldestAgeSeconds),
  ];
}
