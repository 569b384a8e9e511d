import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchEntry, EventBatch, MAX_EVENT_BYTES } from '../../../../lib/local/delivery/event-batch.ts';
import { toEventJson, toRecordJson } from '../../../../lib/local/delivery/sqs-event.ts';

const ORIGIN = { queueArn: 'arn:aws:sqs:us-east-1:000000000000:work', region: 'us-east-1' };

function entryWithBody(body: string): BatchEntry {
  return {
    messageId: 'm',
    receiptHandle: 'r',
    recordJson: toRecordJson({ MessageId: 'm', Body: body }, ORIGIN),
  };
}

function eventBytes(batch: EventBatch): number {
  return Buffer.byteLength(toEventJson(batch.entries.map(({ recordJson }) => recordJson)));
}

function fill(batch: EventBatch, entry: BatchEntry): number {
  let count = 0;
  while (batch.tryAdd(entry)) count += 1;
  return count;
}

describe('EventBatch', () => {
  it('is full at the batch size', () => {
    const batch = new EventBatch(3);

    expect(fill(batch, entryWithBody('small'))).toBe(3);
    expect(batch.room).toBe(0);
  });

  it('stays within 6 MB and refuses the message that would exceed them', () => {
    const batch = new EventBatch(1000);
    const entry = entryWithBody('x'.repeat(200_000));

    expect(fill(batch, entry)).toBe(31);
    expect(eventBytes(batch)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
    expect(eventBytes(batch) + entry.recordJson.length).toBeGreaterThan(MAX_EVENT_BYTES);
  });

  it('counts bodies as escaped once more, and in UTF-8', () => {
    expect(fill(new EventBatch(1000), entryWithBody('"'.repeat(200_000)))).toBe(15);
    expect(fill(new EventBatch(1000), entryWithBody('é'.repeat(200_000)))).toBe(15);
  });

  it('takes a first message that is too big by itself', () => {
    const batch = new EventBatch(10, 100);

    expect(batch.tryAdd(entryWithBody('x'.repeat(200)))).toBe(true);
    expect(batch.tryAdd(entryWithBody(''))).toBe(false);
  });

  it('never exceeds its limits and loses nothing, whatever the sizes', () => {
    const entries = fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }).map(entryWithBody), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 8 }), (all, maxEntries) => {
        const batches: EventBatch[] = [];
        let batch = new EventBatch(maxEntries, 2000);
        for (const entry of all) {
          if (batch.tryAdd(entry)) continue;
          batches.push(batch);
          batch = new EventBatch(maxEntries, 2000);
          batch.tryAdd(entry);
        }
        batches.push(batch);

        expect(batches.flatMap(({ entries }) => entries)).toEqual(all);
        for (const { entries } of batches) expect(entries.length).toBeLessThanOrEqual(maxEntries);
        for (const one of batches) expect(one.entries.length <= 1 || eventBytes(one) <= 2000).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
