import { describe, expect, it } from 'vitest';
import { readUnit } from '../../../lib/assessment/read-unit.ts';
import { contentHash } from '../../../lib/records/content-hash.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { queuedMessage } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

const isLocal = createLocality([]);
const withBody = (...records: readonly object[]) => queuedMessage({ body: jsonLines(records) });

describe('readUnit', () => {
  it('is named by the body, with every message that has it and the arrival of the first', () => {
    const first = withBody(sensorRecord());
    const second = { ...first, messageId: 'message-2', sentAtMs: first.sentAtMs + 5 };

    const read = readUnit([first, second], isLocal);

    expect(read).toMatchObject({
      unit: contentHash(first.body),
      messageIds: ['message-1', 'message-2'],
      ingestedAtMs: first.sentAtMs,
    });
  });

  it('has an address with its distinct records by time, then by what they say', () => {
    const records = [
      { timestamp: 2, id: 'b' },
      { timestamp: 1, id: 'z' },
      { timestamp: 2, id: 'a' },
      { timestamp: 10, id: 'a' },
      { timestamp: 1, id: 'z' },
      { timestamp: 1, id: 'other', dst_ip: '9.9.9.9' },
    ].map(sensorRecord);

    const { addresses, stored, duplicates, rejected } = readUnit([withBody(...records)], isLocal);

    const ids = (address: string) => addresses.get(address)?.map(({ record }) => record.id);
    expect([...addresses.keys()]).toEqual(['8.8.8.8', '9.9.9.9']);
    expect(ids('8.8.8.8')).toEqual(['z', 'a', 'b', 'a']);
    expect(ids('9.9.9.9')).toEqual(['other']);
    expect([stored, duplicates, rejected]).toEqual([5, 1, []]);
  });

  it('reads the same of the same records in another order', () => {
    const records = [3, 1, 2].map((n) => sensorRecord({ timestamp: 1, id: `${n}` }));
    const canonical = (order: readonly object[]) =>
      readUnit([withBody(...order)], isLocal)
        .addresses.get('8.8.8.8')
        ?.map((each) => each.canonical);

    expect(canonical(records)).toEqual(canonical(records.toReversed()));
  });

  it('hands a record on that a defect keeps from being scored, beside those that are invalid', () => {
    const bad = ['9.9.9.1', '9.9.9.2'].map((dst_ip) => sensorRecord({ dst_ip }));
    const isBroken = (address: string) => {
      if (address.startsWith('9.9.9.')) throw new TypeError(`defect of ${address}`);
      return isLocal(address);
    };
    const records = [sensorRecord(), { a: 1 }, ...bad, sensorRecord()];

    const { rejected, defects, stored, duplicates } = readUnit([withBody(...records)], isBroken);

    expect(rejected).toMatchObject([
      { scope: 'record', index: 1 },
      ...bad.map((record, n) => ({
        scope: 'record',
        index: 2 + n,
        text: JSON.stringify(record),
        reason: `could not be scored: TypeError: defect of 9.9.9.${n + 1}`,
      })),
    ]);
    expect(defects).toEqual(['TypeError: defect of 9.9.9.1', 'TypeError: defect of 9.9.9.2']);
    expect([stored, duplicates]).toEqual([1, 1]);
  });

  it('refuses to read no message at all', () => {
    expect(() => readUnit([], isLocal)).toThrow(new TypeError('there is no message to read'));
  });
});
