import { describe, expect, it } from 'vitest';
import { batches, countRecords, fullBatch, packedMessages, toEventJson } from '../../bench/messages.ts';
import { traffic } from '../../bench/records.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';

describe('packedMessages', () => {
  it('loses no record over any number of windows', () => {
    const messages = [...packedMessages(traffic({ records: 41_000, addresses: 100, intelShare: 0 }))];

    expect(countRecords(messages)).toBe(41_000);
    expect(messages.reduce((sum, { body }) => sum + body.split('\n').length, 0)).toBe(41_000);
  });
});

describe('batches', () => {
  it('are as many messages as the event source takes, the last one what is left', () => {
    const { batchSize } = DEPLOYED.definition.eventSource;
    const messages = Array.from({ length: 2 * batchSize + 3 }, (_, n) => ({ body: `${n}`, records: 1 }));

    expect([...batches(messages)].map((batch) => batch.length)).toEqual([batchSize, batchSize, 3]);
  });

  it('hold no more than an event does', () => {
    const messages = Array.from({ length: 13 }, () => ({ body: 'x'.repeat(1_000_000), records: 1 }));

    expect([...batches(messages)].map((batch) => batch.length)).toEqual([6, 6, 1]);
  });
});

describe('fullBatch', () => {
  const message = { body: 'x'.repeat(1_000_000), records: 1 };

  it('fills an event of 6 MB', () => {
    expect(fullBatch(Array.from({ length: 9 }, () => message))).toHaveLength(6);
  });

  it('refuses what does not fill one', () => {
    expect(() => fullBatch([message])).toThrow(RangeError);
  });
});

describe('toEventJson', () => {
  it('gives each message its own id', () => {
    const event = JSON.parse(
      toEventJson([
        { body: 'a', records: 1 },
        { body: 'b', records: 1 },
      ]),
    );

    const ids = event.Records.map(({ messageId }: { messageId: string }) => messageId);
    expect(event.Records).toMatchObject([{ body: 'a' }, { body: 'b' }]);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
