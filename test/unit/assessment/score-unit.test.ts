import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Assess } from '../../../lib/assessment/assess.ts';
import type { ScoredUnit } from '../../../lib/assessment/score-unit.ts';
import { canonicalJson } from '../../../lib/records/canonical-json.ts';
import { parseRecord } from '../../../lib/records/connection-record.ts';
import { parseJson } from '../../../lib/records/parse-json.ts';
import { addressItemKey, unitOfSummary } from '../../../lib/store/keys.ts';
import { readAddressItems, readContent } from '../../../lib/store/read-address-items.ts';
import { readEntry } from '../../../lib/store/summary-item.ts';
import { sensorRecords } from '../../factories/arbitraries.ts';
import { itemBytes, MAX_ITEM_BYTES, wireItem } from '../../factories/dynamodb.ts';
import { allItems } from '../../factories/items.ts';
import { queuedMessage, SENT_AT_MS, scoreMessage, scoringOptions } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

function plan(records: readonly unknown[], options = scoringOptions()): ScoredUnit {
  return scoreMessage(queuedMessage({ body: jsonLines(records) }), options);
}

function keysOf({ items, summary }: ScoredUnit) {
  return [...items, ...allItems(summary)].map(({ pk, sk }) => ({ pk, sk }));
}

function storedConnections({ items }: Pick<ScoredUnit, 'items'>): string[] {
  return items
    .flatMap((item) => readAddressItems([item]))
    .flatMap(({ connections }) => connections.map((record) => canonicalJson(record)));
}

/** With longer reasons, so that fewer fit an item. */
function wordyAssess(assess: Assess): Assess {
  return (input) => ({ ...assess(input), legacy_failure: 'wordy '.repeat(500) });
}

function countingAssess() {
  const { assess } = scoringOptions();
  return vi.fn(assess);
}

describe('scoreUnit: records', () => {
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
        const { statistics, rejected, items } = scoreMessage(queuedMessage({ body }), scoringOptions());
        const { records, stored, duplicates } = statistics;

        const lines = body.split('\n').filter((line) => line.trim() !== '');
        const canonical = lines.flatMap((line) => canonicalTextOf(line));
        expect(stored).toBe(new Set(canonical).size);
        expect(duplicates).toBe(canonical.length - stored);
        expect(statistics.rejected).toBe(rejected.reduce((sum, { count = 1 }) => sum + count, 0));
        // A single array stands for its elements.
        expect(records).toBe(body === '[]' ? 0 : Math.max(1, lines.length));
        expect(stored + duplicates + statistics.rejected).toBe(records);
        expect(
          items.flatMap((item) => readAddressItems([item])).flatMap(({ connections }) => connections),
        ).toHaveLength(stored);
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
    const { rejected } = scoreMessage(
      queuedMessage({ body: `${JSON.stringify(sensorRecord())}\n{"src_ip": 1.0 }` }),
      scoringOptions(),
    );

    expect(rejected).toMatchObject([{ scope: 'record', index: 1, text: '{"src_ip": 1.0 }' }]);
  });

  it('counts the lines of a body that is rejected whole', () => {
    const planned = scoreMessage(queuedMessage({ body: 'one\ntwo\nthree' }), scoringOptions());

    expect(planned.statistics).toMatchObject({ records: 3, stored: 0, duplicates: 0, rejected: 3 });
    expect(planned.items).toEqual([]);
    expect(allItems(planned.summary)).toHaveLength(1);
  });

  it('plans an empty array as nothing but a summary', () => {
    const planned = scoreMessage(queuedMessage({ body: '[]' }), scoringOptions());

    expect(planned).toMatchObject({ items: [], rejected: [], statistics: { records: 0 } });
    expect(allItems(planned.summary)).toHaveLength(1);
  });
});

describe('scoreUnit: keys', () => {
  it('plans the same message in the same way', () => {
    fc.assert(
      fc.property(fc.array(sensorRecords, { maxLength: 10 }), (records) => {
        const [one, other] = [plan(records), plan(records)];

        expect([one.items, one.summary]).toEqual([other.items, other.summary]);
      }),
    );
  });

  it('derives keys from content, not from when or under which id the message came', () => {
    const records = Array.from({ length: 64 }, (_, n) =>
      sensorRecord({ dst_ip: `1.1.1.${n % 2}`, id: `C${n}` }),
    );
    const body = jsonLines(records);

    const once = scoreMessage(queuedMessage({ body }), scoringOptions());
    const again = scoreMessage(
      queuedMessage({ body, messageId: 'message-2', sentAtMs: SENT_AT_MS + 1e9 }),
      scoringOptions(),
    );

    expect(keysOf(again)).toEqual(keysOf(once));
  });

  it('gives different messages different keys', () => {
    const once = plan([sensorRecord()]);
    const body = jsonLines([sensorRecord(), sensorRecord({ id: 'C2' })]);
    const other = scoreMessage(queuedMessage({ messageId: 'message-2', body }), scoringOptions());

    const keys = [...keysOf(once), ...keysOf(other)].map(({ pk, sk }) => `${pk} ${sk}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives an item a key of its own for other records, and the same for the same', () => {
    const texts = fc.uniqueArray(sensorRecords, {
      minLength: 1,
      maxLength: 12,
      selector: (r) => JSON.stringify(r),
    });
    const wordy = scoringOptions({ assess: wordyAssess(scoringOptions().assess) });
    fc.assert(
      fc.property(texts, (records) => {
        const all = [plan(records), plan(records, wordy)].flatMap(({ items }) => items);

        for (const [, twins] of Map.groupBy(all, ({ pk, sk }) => `${pk} ${sk}`)) {
          const held = twins.map((item) => storedConnections({ items: [item] }).sort());
          for (const other of held) expect(other).toEqual(held[0]);
        }
      }),
    );
  });

  it('divides an address otherwise under other verdicts, and then replaces nothing', () => {
    const records = Array.from({ length: 400 }, (_, n) =>
      sensorRecord({ id: `C${n}`, threat_intel: { note: 'x'.repeat(3_000), n } }),
    );

    const short = plan(records).items;
    const long = plan(records, scoringOptions({ assess: wordyAssess(scoringOptions().assess) })).items;

    expect(long.length).toBeGreaterThan(short.length);
    const keys = new Set(short.map(({ sk }) => sk));
    expect(long.slice(0, 3).filter(({ sk }) => keys.has(sk))).toEqual([]);
    expect(storedConnections({ items: long }).sort()).toEqual(storedConnections({ items: short }).sort());
  });

  it('stores records in the same order and under the same keys in whatever order they come', () => {
    const records = Array.from({ length: 50 }, (_, n) => sensorRecord({ id: `C${n}`, timestamp: n % 7 }));

    const [one, other] = [records, records.toReversed()].map((each) => plan(each).items[0]);

    expect(other?.sk.split('#')[2]).toBe(one?.sk.split('#')[2]);
    expect(other?.content).toBe(one?.content);
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
    const records = Array.from({ length: 16_000 }, (_, n) =>
      sensorRecord({ dst_ip: n % 3 === 0 ? '1.1.1.1' : '8.8.8.8', id: `C${n}`, bytes: n }),
    );

    const { items, summary } = plan(records);

    const named = summary.first.items
      .map(readEntry)
      .flatMap(({ address, latestMs, records: hashes }) =>
        hashes.map((hash) =>
          addressItemKey({ address, unit: unitOfSummary(summary.first), latestMs, records: hash }),
        ),
      );
    expect(summary.first.items).toHaveLength(2);
    expect(items.length).toBeGreaterThan(2);
    expect(named).toEqual(items.map(({ pk, sk }) => ({ pk, sk })));
  });

  it('lets what is stored expire by its arrival, not by the time of the event', () => {
    const { items, summary } = plan(
      [sensorRecord({ timestamp: 0 })],
      scoringOptions({ retentionSeconds: 60 }),
    );

    for (const { ingested_at, expires_at } of [...items, summary.first]) {
      const minute = Math.floor(SENT_AT_MS / 60_000) * 60;
      expect({ ingested_at, expires_at }).toEqual({ ingested_at: minute * 1000, expires_at: minute + 60 });
    }
  });

  it('orders an address by its latest connection', () => {
    const { items } = plan([5, 9.25, 7].map((timestamp) => sensorRecord({ timestamp })));

    expect(items.map(({ sk }) => sk.split('#')[0])).toEqual(['000000000009250']);
  });
});

describe('scoreUnit: assessments', () => {
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

    const { statistics } = plan(records, scoringOptions({ assess }));

    expect(assess).toHaveBeenCalledTimes(4);
    expect(statistics.assessments).toBe(4);
  });

  it('gives a record between two sides of a kind the same assessment whatever else is in its message', () => {
    fc.assert(
      fc.property(
        sensorRecords,
        fc.array(sensorRecords, { maxLength: 5 }),
        fc.boolean(),
        (any, others, isLocal) => {
          // Activity across the site's border depends on the address's other connections.
          const record = { ...any, local_orig: isLocal, local_resp: isLocal };
          fc.pre(parseRecord(record).ok);
          const assessmentIn = (planned: ScoredUnit) =>
            planned.items
              .flatMap((item) => readAddressItems([item]))
              .filter(({ connections }) => connections.some((each) => isSame(each, record)))
              .map(({ assessment }) => canonicalJson(assessment));

          expect(assessmentIn(plan([...others, record]))).toEqual(assessmentIn(plan([record])));
        },
      ),
    );
  });

  it('scores an address by all its connections in the unit', () => {
    const knocks = Array.from({ length: 4 }, (_, n) =>
      sensorRecord({
        src_ip: '8.8.8.8',
        dst_ip: '10.0.0.1',
        dst_port: 1 + n,
        protocol: 'tcp',
        state: 'unanswered',
      }),
    );
    const scoresOf = (planned: ScoredUnit) =>
      planned.items.flatMap((item) => readAddressItems([item])).map(({ assessment }) => assessment);

    const [alone] = scoresOf(plan(knocks.slice(0, 1)));
    const [together] = scoresOf(plan(knocks));

    expect(alone).toMatchObject({ evidence: ['activity'], input: { activity: { knocks: 1 } } });
    expect(together).toMatchObject({ pattern: 'scan', input: { activity: { knocks: 3, doors: 3 } } });
    expect(together?.threat_score).toBeGreaterThan(alone?.threat_score ?? 1);
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
});

describe('scoreUnit: the hosts of the site', () => {
  const knock = (n: number) =>
    sensorRecord({
      src_ip: '10.0.0.66',
      dst_ip: `8.8.${n >> 8}.${n & 255}`,
      dst_port: 445,
      protocol: 'tcp',
      state: n % 20 === 0 ? 'refused' : 'unanswered',
    });
  const sweep = Array.from({ length: 300 }, (_, n) => knock(n));
  const browsing = Array.from({ length: 30 }, (_, n) =>
    sensorRecord({ dst_ip: `9.9.9.${n}`, dst_port: 443, protocol: 'tcp', state: 'answered' }),
  );

  it('are named in the summary where they try many targets, and no verdict changes', () => {
    const unit = plan([...browsing, ...sweep]);
    const lone = plan([...browsing, knock(7)]);

    expect(unit.statistics.fan_outs).toEqual([
      {
        host: '10.0.0.66',
        pattern: 'sweep',
        connections: 300,
        unanswered: 300,
        addresses: 300,
        ports: 1,
        port: 445,
        protocol: 'tcp',
      },
    ]);
    expect(unit.summary.first.statistics).toEqual(unit.statistics);
    const assessed = ({ addresses: all }: ScoredUnit) =>
      all.find(({ address }) => address === '8.8.0.7')?.scored.assessed;
    expect(assessed(unit)).toHaveLength(1);
    expect(assessed(unit)).toEqual(assessed(lone));
  });

  it('are not mentioned in any other', () => {
    expect(plan(sweep.slice(0, 29)).statistics).not.toHaveProperty('fan_outs');
  });
});

describe('scoreUnit: defects', () => {
  const records = [sensorRecord({ dst_ip: '1.1.1.1' }), sensorRecord(), sensorRecord({ id: 'second' })];

  it('cost the address that they show at, whose records wait in the rejected queue as they came', () => {
    const { assess } = scoringOptions();
    const defective = scoringOptions({
      assess: (input) => {
        if (input.address !== '1.1.1.1') throw new RangeError('a\ndefect');
        return assess(input);
      },
    });

    const { items, rejected, statistics, defects } = plan(records, defective);

    const reason = 'could not be scored: RangeError: a defect';
    expect(items).toHaveLength(1);
    expect(rejected).toEqual(
      [2, 1].map((index) => ({
        scope: 'record',
        index,
        text: JSON.stringify(records[index]),
        reason,
        messageId: 'message-1',
      })),
    );
    expect(statistics).toMatchObject({ records: 3, stored: 1, duplicates: 0, rejected: 2, assessments: 1 });
    expect(defects).toEqual(['RangeError: a defect']);
  });

  it('cost the record whose sides cannot be told apart', () => {
    const isLocal = (address: string) => {
      if (address === '1.1.1.1') throw new TypeError('defect');
      return address.startsWith('10.');
    };

    const { rejected, statistics, defects } = plan(records, scoringOptions({ isLocal }));

    expect(rejected).toEqual([
      {
        scope: 'record',
        index: 0,
        text: JSON.stringify(records[0]),
        reason: 'could not be scored: TypeError: defect',
        messageId: 'message-1',
      },
    ]);
    expect(statistics).toMatchObject({ records: 3, stored: 2, rejected: 1 });
    expect(defects).toEqual(['TypeError: defect']);
  });
});

describe('scoreUnit: hostile messages', () => {
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

    const largest = [...items, ...allItems(summary)].toSorted(
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
