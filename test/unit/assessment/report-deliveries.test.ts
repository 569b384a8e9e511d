import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { QueuedMessage } from '../../../lib/assessment/queued-message.ts';
import { reportDeliveries } from '../../../lib/assessment/report-deliveries.ts';

const message = (receiveCount: number): QueuedMessage => ({
  messageId: `message-${receiveCount}`,
  body: '',
  sentAtMs: 0,
  receiveCount,
  receiptHandle: '',
});

/** Everything printed until the call returns. */
function printedOn(receiveCounts: readonly number[]): string[] {
  const lines: string[] = [];
  const metrics = new Metrics({ namespace: 'Test', serviceName: 'test' });
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    lines.push(JSON.stringify(metrics.serializeMetrics()));
    return metrics;
  });
  reportDeliveries(metrics, receiveCounts.map(message));
  return lines;
}

describe('reportDeliveries', () => {
  beforeEach(() => {
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each<[string, readonly number[]]>([
    ['no messages', []],
    ['messages that came once', [1, 1]],
    ['messages that may pass yet', [2, 3, 4]],
  ])('prints nothing of %s', (_, receiveCounts) => {
    expect(printedOn(receiveCounts)).toEqual([]);
  });

  it.each([
    [[5], 1],
    [[1, 4, 5, 50], 2],
  ])('prints at once that of %j deliveries some are the fifth or later', (receiveCounts, count) => {
    const lines = printedOn(receiveCounts);

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ MessagesKeepFailing: count }),
    ]);
  });
});
