import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { LOOK_UP_METRICS } from '../../lib/telemetry/metric-names.ts';
import type { Alarms } from './alarms.ts';
import type { ScoringMetrics } from './scoring-metrics.ts';

/**
 * Alarms for the providers of threat intelligence, and for cached keys and lists. Each execution environment reports 0
 * or 1, and a single 1 is enough: a key is rejected for all, and a provider that fails one environment fails the others
 * when they next ask it. A provider without a key reports nothing, and its alarms stay OK.
 */
export function addLookUpAlarms(alarms: Alarms, metrics: ScoringMetrics): void {
  const yes = { threshold: 1, comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD };
  for (const provider of ['virustotal', 'abuseipdb'] as const) {
    const { badKey, circuitOpen } = LOOK_UP_METRICS[provider];
    alarms.add(`${provider}-key-refused`, {
      metric: metrics.maximum(badKey, `${provider} refuses the key`),
      ...yes,
    });
    alarms.add(`${provider}-failing`, {
      metric: metrics.maximum(circuitOpen, `${provider} is left alone`),
      ...yes,
    });
  }
  alarms.add('intelligence-outdated', {
    metric: metrics.maximum(LOOK_UP_METRICS.outdated, 'keys or lists cannot be refreshed'),
    ...yes,
  });
}
