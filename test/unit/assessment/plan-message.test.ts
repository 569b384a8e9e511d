import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type MessagePlan, planMessage } from '../../../lib/assessment/plan-message.ts';
import { canonicalJson } from '../../../lib/records/canonical-json.ts';
import { parseRecord } from '../../../lib/records/connection-record.ts';
import { parseJson } from '../../../lib/records/parse-json.ts';
import { readAddressItem, readContent } from '../../../lib/store/address-item.ts';
import { sensorRecords } from '../../factories/arbitraries.ts';
import { itemBytes, MAX_ITEM_BYTES, wireItem } from '../../factories/dynamodb.ts';
import { planOptions, queuedMessage, SENT_AT_MS } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

function plan(records: readonly unknown[], options = planOptions()): MessagePlan {
  return planMessage(queuedMessage({ body: jsonLines(records) }), options);
}

function keysOf({ items, summary }: MessagePlan) {
  return [...items, ...summary].map(({ pk, sk }) => ({ pk, sk }));
}

function storedConnections({ items }: MessagePlan): string[] {
  return items
    .flatMap(readAddressItem)
    .flatMap(({ connections }) => connections.map((record) => canonicalJson(record)));
}

function countingAssess() {
  const { assess } = planOptions();
  return vi.fn(assess);
}

describe('planMessage: records', () => {
  const bodies = fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: sensorRecords.map((record) => JSON.stringify(record)) },
        {
          weight: 2,
          arbitrary: fc.constantFrom(1, 2, 3).map((n) => JSON.stringify(sensorRecord({ bytes: n }))),
        },
        { weight: 1, arbitrary: fc.constantFrom('{}', 'nonsense', '42', '[]', '{"cut') },
      ),
      { maxLength: 30 },
    )
    .map((lines) => lines.join('\n'));

  it('counts each record as stored, duplicate or rejected, for any mixture', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const { statistics, rejected, items } = planMessage(queuedMessage({ body }), planOptions());
        const { records, stored, duplicates } = statistics;

        const lines = body.split('\n').filter((line) => line.trim() !== '');
        const canonical = lines.flatMap((line) => canonicalTextOf(line));
        expect(stored).toBe(new Set(canonical).size);
        expect(duplicates).toBe(canonical.length - stored);
        expect(statistics.rejected).toBe(rejected.reduce((sum, { count = 1 }) => sum + count, 0));
        // An array by itself stands for what is in it.
        expect(records).toBe(body === '[]' ? 0 : Math.max(1, lines.length));
        expect(stored + duplicates + statistics.rejected).toBe(records);
        expect(items.flatMap(readAddressItem).flatMap(({ connections }) => connections)).toHaveLength(stored);
      }),
    );
  });

  it('stores exactly the distinct records, nothing changed', () => {
    fc.assert(
      fc.property(fc.array(sensorRecords, { minLength: 1, maxLength: 20 }), (records) => {
        const planned = plan([...records, ...records]);

        const distinct = new Set(records.flatMap((record) => canonicalTextOf(JSON.stringify(record))));
        expect(storedConnections(planned).sort()).toEqual([...distinct].sort());
      }),
    );
  });

  it('takes a record for a duplicate however it is spelled', () => {
    const { statistics } = plan([
      sensorRecord({ timestamp: 1_664_462_456, protocol: 'udp' }),
      sensorRecord({ timestamp: '2022-09-29T16:40:56+02:00', protocol: 'UDP', src_port: null }),
    ]);

    expect(statistics).toMatchObject({ records: 2, stored: 1, duplicates: 1, rejected: 0 });
  });

  it('keeps different records that share a uid', () => {
    const planned = plan([sensorRecord({ id: 'C1', bytes: 1 }), sensorRecord({ id: 'C1', bytes: 2 })]);

    expect(planned.statistics).toMatchObject({ stored: 2, duplicates: 0 });
    expect(storedConnections(planned)).toHaveLength(2);
  });

  it('passes on what it rejects, with its place', () => {
    const { rejected } = planMessage(
      queuedMessage({ body: `${JSON.stringify(sensorRecord())}\n{"src_ip": 1.0 }` }),
      planOptions(),
    );

    expect(rejected).toMatchObject([{ scope: 'record', index: 1, text: '{"src_ip": 1.0 }' }]);
  });

  it('counts the lines of a body that is rejected whole', () => {
    const planned = planMessage(queuedMessage({ body: 'one\ntwo\nthree' }), planOptions());

    expect(planned.statistics).toMatchObject({ records: 3, stored: 0, duplicates: 0, rejected: 3 });
    expect(planned.items).toEqual([]);
    expect(planned.summary).toHaveLength(1);
  });

  it('plans an empty array as nothing but a summary', () => {
    const planned = planMessage(queuedMessage({ body: '[]' }), planOptions());

    expect(planned).toMatchObject({ items: [], rejected: [], statistics: { records: 0 } });
    expect(planned.summary).toHaveLength(1);
  });
});

describe('planMessage: keys', () => {
  it('plans the same message in the same way', () => {
    fc.assert(
      fc.property(fc.array(sensorRecords, { maxLength: 10 }), (records) => {
        expect(plan(records)).toEqual(plan(records));
      }),
    );
  });

  it('derives keys from content, not from when or under which id the message came', () => {
    const body = jsonLines([sensorRecord(), sensorRecord({ dst_ip: '1.1.1.1' })]);

    const once = planMessage(queuedMessage({ body }), planOptions());
    const again = planMessage(
      queuedMessage({ body, messageId: 'message-2', sentAtMs: SENT_AT_MS + 1e9 }),
      planOptions(),
    );

    expect(keysOf(again)).toEqual(keysOf(once));
  });

  it('gives different messages different keys', () => {
    const once = plan([sensorRecord()]);
    const other = plan([sensorRecord(), sensorRecord({ id: 'C2' })]);

    const keys = [...keysOf(once), ...keysOf(other)].map(({ pk, sk }) => `${pk} ${sk}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('writes no key twice', () => {
    fc.assert(
      fc.property(fc.array(sensorRecords, { maxLength: 30 }), (records) => {
        const keys = keysOf(plan(records)).map(({ pk, sk }) => `${pk} ${sk}`);

        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('names in its summary every item that it writes', () => {
    const records = Array.from({ length: 9_000 }, (_, n) =>
      sensorRecord({ dst_ip: n % 3 === 0 ? '1.1.1.1' : '8.8.8.8', id: `C${n}`, bytes: n }),
    );

    const { items, summary } = plan(records);

    expect(summary.flatMap((part) => part.items)).toEqual([
      expect.stringMatching(/^1\.1\.1\.1 1664462456755 \d$/),
      expect.stringMatching(/^8\.8\.8\.8 1664462456755 \d$/),
    ]);
    const parts = summary.flatMap((part) => part.items.map((entry) => Number(entry.split(' ')[2])));
    expect(parts.reduce((sum, count) => sum + count, 0)).toBe(items.length);
  });

  it('lets what is stored expire by its arrival, not by the time of the event', () => {
    const { items, summary } = plan([sensorRecord({ timestamp: 0 })], planOptions({ retentionSeconds: 60 }));

    for (const { ingested_at, expires_at } of [...items, ...summary]) {
      expect({ ingested_at, expires_at }).toEqual({
        ingested_at: SENT_AT_MS,
        expires_at: SENT_AT_MS / 1000 + 60,
      });
    }
  });

  it('orders an address by its latest connection', () => {
    const { items } = plan([5, 9.25, 7].map((timestamp) => sensorRecord({ timestamp })));

    expect(items.map(({ sk }) => sk.split('#')[0])).toEqual(['000000000009250']);
  });
});

describe('planMessage: assessments', () => {
  it('assesses each distinct scoring input once', () => {
    const assess = countingAssess();
    const records = [
      sensorRecord(),
      sensorRecord({ bytes: 1 }),
      sensorRecord({ src_port: 7 }),
      sensorRecord({ dst_port: 443, protocol: 'tcp' }),
      sensorRecord({ dst_ip: '1.1.1.1' }),
      sensorRecord({ threat_intel: { blocklist: { lists: 1, total_lists: 3 } } }),
      sensorRecord({ bytes: 2, threat_intel: { blocklist: { total_lists: 3, lists: 1 } } }),
    ];

    const { statistics } = plan(records, planOptions({ assess }));

    expect(assess).toHaveBeenCalledTimes(4);
    expect(statistics.assessments).toBe(4);
  });

  it('gives a record the same assessment whatever else is in its message', () => {
    fc.assert(
      fc.property(sensorRecords, fc.array(sensorRecords, { maxLength: 5 }), (record, others) => {
        fc.pre(parseRecord(record).ok);
        const assessmentIn = (planned: MessagePlan) =>
          planned.items
            .flatMap(readAddressItem)
            .filter(({ connections }) => connections.some((each) => isSame(each, record)))
            .map(({ assessment }) => canonicalJson(assessment));

        expect(assessmentIn(plan([...others, record]))).toEqual(assessmentIn(plan([record])));
      }),
    );
  });

  it('stores a port scan as few assessments that share their connections', () => {
    const records = Array.from({ length: 1_000 }, (_, n) =>
      sensorRecord({ src_ip: '8.8.8.8', dst_ip: '10.0.0.1', dst_port: 10_000 + n, protocol: 'tcp' }),
    );

    const planned = plan(records);

    expect(planned.statistics).toMatchObject({ stored: 1_000, assessments: 1_000 });
    expect(planned.items.map((item) => readContent(item).verdicts.length)).toEqual([1]);
    expect(storedConnections(planned)).toHaveLength(1_000);
  });

  it('puts into the time index what needs a human, by its own threshold', () => {
    const records = [sensorRecord({ dst_ip: '1.1.1.1' })];
    const { threat_score } = planOptions().assess('1.1.1.1');

    const [quiet, loud] = [1, threat_score / 2].map((maliciousThreshold) =>
      plan(records, planOptions({ maliciousThreshold })),
    );

    expect(quiet?.items.map(({ time_bucket }) => time_bucket)).toEqual([undefined]);
    expect(loud?.items.map(({ time_bucket }) => time_bucket)).toEqual([expect.stringMatching(/^attention#/)]);
    expect(loud?.statistics.malicious).toBe(1);
  });
});

describe('planMessage: hostile messages', () => {
  it.each([
    ['a protocol of its own for every record', (n: number) => ({ protocol: `p${n}-${'x'.repeat(24)}` })],
    [
      'an address of its own for every record',
      (n: number) => ({ dst_ip: `8.${n >> 16}.${(n >> 8) & 255}.${n & 255}` }),
    ],
    ['threat intelligence of its own for every record', (n: number) => ({ threat_intel: { x: n } })],
  ])('plans items below the size limit for %s', async (_, fields) => {
    const records = Array.from({ length: 6_000 }, (__, n) => sensorRecord(fields(n)));

    const { items, summary } = plan(records);

    const largest = [...items, ...summary].toSorted(
      (a, b) => JSON.stringify(b).length - JSON.stringify(a).length,
    )[0];
    expect(itemBytes(await wireItem(largest ?? {}))).toBeLessThan(MAX_ITEM_BYTES);
  });
});

function canonicalTextOf(line: string): string[] {
  const json = parseJson(line);
  const parsed = json.ok ? parseRecord(json.value) : json;
  return parsed.ok ? [parsed.canonical] : [];
}

function isSame(stored: unknown, sent: unknown): boolean {
  return canonicalTextOf(JSON.stringify(sent)).includes(canonicalJson(stored));
}
