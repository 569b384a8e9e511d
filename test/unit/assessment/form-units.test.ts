import { describe, expect, it } from 'vitest';
import { isPacked, minuteUnits, packedUnit } from '../../../lib/assessment/form-units.ts';
import type { QueuedMessage } from '../../../lib/assessment/queued-message.ts';
import { readBody } from '../../../lib/assessment/read-body.ts';
import { contentHash } from '../../../lib/records/content-hash.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { queuedMessage, readAlone, SENT_AT_MS } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

const isLocal = createLocality([]);
const withBody = (...records: readonly object[]) => queuedMessage({ body: jsonLines(records) });
const single = (messageId: string, record: object, sentAtMs = SENT_AT_MS) =>
  queuedMessage({ messageId, body: JSON.stringify(record), sentAtMs });
const unitsOf = (...messages: readonly QueuedMessage[]) =>
  minuteUnits(messages.map((message) => readBody([message], isLocal)));
const idsOf = ({ sources }: ReturnType<typeof unitsOf>[number]) =>
  sources.map(({ messages }) => messages.map(({ messageId }) => messageId).join('+'));

describe('a message of many records', () => {
  const records = Array.from({ length: 64 }, (_, n) => sensorRecord({ id: `C${n}` }));

  it('is a unit by itself, named by its body, with every message that has it and the arrival of the first', () => {
    const first = withBody(...records);
    const second = { ...first, messageId: 'message-2', sentAtMs: first.sentAtMs + 5 };
    const body = readBody([first, second], isLocal);

    expect(isPacked(body)).toBe(true);
    expect(packedUnit(body)).toMatchObject({
      unit: contentHash(first.body),
      ingestedAtMs: first.sentAtMs,
      sources: [{ stored: 64, duplicates: 0 }],
    });
    expect(idsOf(packedUnit(body))).toEqual(['message-1+message-2']);
  });

  it.each([
    ['records', jsonLines(records.slice(1))],
    ['entries of which some are invalid', `${jsonLines(records.slice(2))}\n{}`],
  ])('begins with the sixty-fourth of its %s', (_, body) => {
    expect(isPacked(readBody([queuedMessage({ body })], isLocal))).toBe(false);
    expect(isPacked(readBody([queuedMessage({ body: `${body}\n{}` })], isLocal))).toBe(true);
  });
});

describe('small messages', () => {
  it('form a unit by the minute in which the queue first had them', () => {
    const minute = Math.floor(SENT_AT_MS / 60_000);
    const begin = minute * 60_000;

    const units = unitsOf(
      single('c', sensorRecord(), begin + 59_999),
      single('a', sensorRecord(), begin),
      single('b', sensorRecord(), begin + 60_000),
    );

    expect(units.map(({ unit, ingestedAtMs }) => [unit, ingestedAtMs])).toEqual([
      [`${minute}.${contentHash('a\nc')}`, begin],
      [`${minute + 1}.${contentHash('b')}`, begin + 60_000],
    ]);
    expect(units.map(idsOf)).toEqual([['a', 'c'], ['b']]);
  });

  it('are known by what they were before they were in the dead-letter queue', () => {
    const origin = { messageId: 'before', sentAtMs: SENT_AT_MS - 3_600_000 };

    const [unit] = unitsOf({ ...single('after', sensorRecord()), origin });

    expect(unit).toMatchObject({
      unit: `${Math.floor(origin.sentAtMs / 60_000)}.${contentHash('before')}`,
      sources: [{ messages: [{ messageId: 'after' }] }],
    });
  });

  it('with something to reject form units of their own', () => {
    const units = unitsOf(
      single('a', sensorRecord()),
      single('b', { not: 'a record' }),
      single('c', sensorRecord({ id: 'C2' })),
    );

    expect(units.map(idsOf).sort()).toEqual([['a', 'c'], ['b']]);
  });

  it('share a record that they both have, which counts for one and repeats for the other', () => {
    const [unit] = unitsOf(
      single('b', sensorRecord()),
      single('a', sensorRecord()),
      single('c', sensorRecord({ id: 'other' })),
    );

    expect(unit?.sources.map(({ stored, duplicates }) => [stored, duplicates])).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
    const records = unit?.addresses.get('8.8.8.8')?.map(({ source, others }) => [source, others]);
    expect(records?.sort()).toEqual([
      [0, [1]],
      [2, undefined],
    ]);
  });

  it('with one body are apart, but for deliveries of one message', () => {
    const record = sensorRecord();
    const twins = ['a', 'b', 'a'].map((messageId) => single(messageId, record));

    const [unit] = minuteUnits([readBody(twins, isLocal)]);

    expect(unit && idsOf(unit)).toEqual(['a+a', 'b']);
    expect(unit?.sources.map(({ stored, duplicates }) => [stored, duplicates])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

describe('a unit', () => {
  it('has an address with its distinct records by time, then by what they say', () => {
    const records = [
      { timestamp: 2, id: 'b' },
      { timestamp: 1, id: 'z' },
      { timestamp: 2, id: 'a' },
      { timestamp: 10, id: 'a' },
      { timestamp: 1, id: 'z' },
      { timestamp: 1, id: 'other', dst_ip: '9.9.9.9' },
    ].map(sensorRecord);

    const { addresses, sources } = readAlone(withBody(...records), isLocal);

    const ids = (address: string) => addresses.get(address)?.map(({ record }) => record.id);
    expect([...addresses.keys()]).toEqual(['8.8.8.8', '9.9.9.9']);
    expect(ids('8.8.8.8')).toEqual(['z', 'a', 'b', 'a']);
    expect(ids('9.9.9.9')).toEqual(['other']);
    expect(sources).toMatchObject([{ stored: 5, duplicates: 1, rejected: [] }]);
  });

  it('has the same order for the same records in another one', () => {
    const records = [3, 1, 2].map((n) => sensorRecord({ timestamp: 1, id: `${n}` }));
    const canonical = (order: readonly object[]) =>
      readAlone(withBody(...order), isLocal)
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

    const { sources, defects } = readAlone(withBody(...records), isBroken);

    expect(sources).toMatchObject([{ stored: 1, duplicates: 1, rejectedCount: 3 }]);
    expect(sources[0]?.rejected).toMatchObject([
      { scope: 'record', index: 1, messageId: 'message-1' },
      ...bad.map((record, n) => ({
        scope: 'record',
        index: 2 + n,
        text: JSON.stringify(record),
        reason: `could not be scored: TypeError: defect of 9.9.9.${n + 1}`,
      })),
    ]);
    expect(defects).toEqual(['TypeError: defect of 9.9.9.1', 'TypeError: defect of 9.9.9.2']);
  });

  it('is not made of no message at all', () => {
    expect(() => readBody([], isLocal)).toThrow(new TypeError('there is no message to read'));
  });
});
