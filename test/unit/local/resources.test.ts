import { describe, expect, it } from 'vitest';
import { LOCAL_SERVICE } from '../../../lib/local/resources.ts';

describe('LOCAL_SERVICE', () => {
  it('hides a message for at least six times as long as the function may run', () => {
    const { queues, eventSource, function: handler } = LOCAL_SERVICE;

    expect(queues[eventSource.queue].visibilityTimeoutSeconds).toBeGreaterThanOrEqual(
      6 * handler.timeoutSeconds,
    );
  });

  it('keeps dead letters longer than the work queue keeps messages', () => {
    const { work, deadLetter } = LOCAL_SERVICE.queues;

    expect(deadLetter.retentionSeconds).toBeGreaterThan(work.retentionSeconds);
  });
});
