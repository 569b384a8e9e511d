import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshnessOf, NOTHING_STORED, sumFreshness } from '../../../lib/assessment/freshness.ts';
import type { QueuedMessage } from '../../../lib/assessment/queued-message.ts';
import { queuedMessage, SENT_AT_MS } from '../../factories/messages.ts';

const RECEIVED_AT_MS = SENT_AT_MS + 2_000;

/** The timing recorded for a message stored this long after it was sent. */
function timed(milliseconds: number, changes: Partial<QueuedMessage> = {}, receivedAtMs = RECEIVED_AT_MS) {
  return freshnessOf([queuedMessage(changes)], receivedAtMs, SENT_AT_MS + milliseconds);
}

describe('freshnessOf', () => {
  it.each([
    ['at once', 2_050, { timed: 1, stale: 0, sentToStoredMs: 2_050, receivedToStoredMs: 50 }],
    ['just as promised', 5_000, { timed: 1, stale: 0, sentToStoredMs: 5_000, receivedToStoredMs: 3_000 }],
    ['later', 5_001, { timed: 1, stale: 1, sentToStoredMs: 5_001, receivedToStoredMs: 3_001 }],
    [
      'before it was sent, by another clock',
      -9_000,
      { timed: 1, stale: 0, sentToStoredMs: 0, receivedToStoredMs: 0 },
    ],
  ])('times a message that is stored %s', (_, milliseconds, expected) => {
    expect(timed(milliseconds)).toEqual(expected);
  });

  it.each<[string, Partial<QueuedMessage>]>([
    ['comes again', { receiveCount: 2 }],
    ['was in the dead-letter queue', { origin: { messageId: 'first', sentAtMs: SENT_AT_MS - 86_400_000 } }],
    ['is part of a backlog', { sentAtMs: RECEIVED_AT_MS - 900_001 }],
  ])('leaves a message out that %s', (_, changes) => {
    expect(timed(60_000, changes)).toEqual({ timed: 0, stale: 0, receivedToStoredMs: 58_000 });
  });

  it('times a message that waited a little less than a backlog', () => {
    expect(timed(2_100, { sentAtMs: RECEIVED_AT_MS - 900_000 })).toMatchObject({ timed: 1, stale: 1 });
  });

  it('says nothing where nothing is stored', () => {
    expect(freshnessOf([], RECEIVED_AT_MS, RECEIVED_AT_MS)).toEqual(NOTHING_STORED);
  });
});

describe('sumFreshness', () => {
  it('is the same whether messages are stored together or apart', () => {
    const ages = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(ages, (list) => {
        const messages = list.map((age) => queuedMessage({ sentAtMs: RECEIVED_AT_MS - age }));
        const storedAtMs = RECEIVED_AT_MS + 500;
        const apart = messages.map((message) => freshnessOf([message], RECEIVED_AT_MS, storedAtMs));

        expect(sumFreshness([NOTHING_STORED, ...apart])).toEqual(
          freshnessOf(messages, RECEIVED_AT_MS, storedAtMs),
        );
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect(sumFreshness([])).toEqual(NOTHING_STORED);
  });
});
