import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../lib/records/canonical-json.ts';
import type { ConnectionRecord } from '../../../lib/records/connection-record.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import {
  type AddressAssessments,
  type AddressItem,
  type AssessedConnections,
  addressItems,
  assessmentText,
  readAddressItem,
  readContent,
} from '../../../lib/store/address-item.ts';
import { type ConnectionKind, encodeRow } from '../../../lib/store/connection-rows.ts';
import { withStoredText } from '../../../lib/store/stored-text.ts';
import { assessment, failedAssessment, plainAssessment } from '../../factories/assessments.ts';
import { itemBytes, MAX_ITEM_BYTES, wireItem } from '../../factories/dynamodb.ts';
import { connectionRecord } from '../../factories/records.ts';

const isLocal = createLocality([]);

function assessed(overrides: Partial<AddressAssessments> = {}): AddressAssessments {
  return {
    address: '8.8.8.8',
    message: 'ABCDEFGHIJKLMNOPQRSTUV',
    ingestedAtMs: 1_700_000_000_000,
    expiresAt: 1_700_086_400,
    latestMs: 1_664_462_456_755,
    kinds: [{ protocol: 'udp', direction: 'outbound' }],
    groups: [group()],
    ...overrides,
  };
}

function group(overrides: Partial<Omit<AssessedConnections, 'text'>> = {}): AssessedConnections {
  const merged = {
    assessment: plainAssessment(),
    needsAttention: false,
    rows: ['[1,"10.0.0.1",null,53]'],
    ...overrides,
  };
  return { ...merged, text: assessmentText(merged.assessment) };
}

function rowsOf(records: readonly ConnectionRecord[], kinds: ConnectionKind[]): string[] {
  return records.map((record) => encodeRow(record, remoteEndpoint(record, isLocal), kinds));
}

function manyRows(count: number, length = 60): string[] {
  return Array.from({ length: count }, (_, n) => `[${n},"10.0.0.1",null,53,"${'x'.repeat(length - 24)}"]`);
}

describe('addressItems: layout', () => {
  it('lays out what one message says about one address', () => {
    const items = addressItems(
      assessed({ groups: [group({ assessment: assessment(), needsAttention: true })] }),
    );

    expect(items).toEqual([
      {
        pk: 'address#8.8.8.8#1',
        sk: '001664462456755#ABCDEFGHIJKLMNOPQRSTUV#0',
        schema: 3,
        ingested_at: 1_700_000_000_000,
        expires_at: 1_700_086_400,
        time_bucket: 'attention#2023-11-14#1',
        threat_score: assessment().threat_score,
        content: JSON.stringify({
          kinds: [{ protocol: 'udp', direction: 'outbound' }],
          verdicts: [{ ...assessment(), connections: [[1, '10.0.0.1', null, 53]] }],
        }),
      },
    ]);
  });

  it('leaves out of a verdict what is empty or false', () => {
    const [verdict] = addressItems(assessed()).flatMap((item) => readContent(item).verdicts);

    expect(Object.keys(verdict ?? {}).sort()).toEqual([
      'confidence',
      'connections',
      'consensus_score',
      'engine_version',
      'method',
      'quorum',
      'scored_by',
      'spread',
      'threat_score',
      'votes',
    ]);
  });

  it('puts only what needs a human into the time index', () => {
    const [item] = addressItems(assessed());

    expect(item).not.toHaveProperty('time_bucket');
  });

  it('puts only those parts into the time index that hold something that needs a human', () => {
    const quiet = group({ rows: manyRows(20_000) });
    const loud = group({ assessment: assessment(), needsAttention: true, rows: manyRows(20_000) });

    const items = addressItems(assessed({ groups: [quiet, loud] }));

    for (const item of items) {
      const needsHuman = readContent(item).verdicts.some((verdict) => 'outliers' in verdict);
      expect(item.time_bucket !== undefined).toBe(needsHuman);
    }
    expect(items.filter(({ time_bucket }) => time_bucket === undefined).length).toBeGreaterThan(1);
  });
});

describe('the content of an item', () => {
  const itemWith = (connections: number) => {
    const [item] = addressItems(assessed({ groups: [group({ rows: manyRows(connections) })] }));
    if (item === undefined) throw new Error('there is no item');
    return item;
  };

  it('is written as text where the item costs one write unit anyway', () => {
    const item = itemWith(1);

    expect(withStoredText(item)).toEqual(item);
  });

  it('is compressed where that saves write units, and read back', async () => {
    const item = itemWith(30);
    const written = withStoredText(item);

    const [asText, compressed] = await Promise.all(
      [item, written].map(async (each) => itemBytes(await wireItem(each))),
    );
    expect(asText).toBeGreaterThan(1_024);
    expect(compressed).toBeLessThanOrEqual(1_024);
    expect(readAddressItem(written)).toEqual(readAddressItem(item));
    expect(readAddressItem(written)[0]?.connections).toHaveLength(30);
  });

  it('is all of the item that writing changes', () => {
    const { content: text, ...beside } = itemWith(30);
    const { content, ...written } = withStoredText({ ...beside, content: text });

    expect(content).toBeInstanceOf(Uint8Array);
    expect(written).toEqual(beside);
  });
});

describe('items of earlier schemas', () => {
  const rows = manyRows(30);
  const [item] = addressItems(assessed({ groups: [group({ assessment: assessment(), rows })] }));
  const { content: _, threat_score: __, ...beside } = item ?? {};

  it.each<[number, string | Uint8Array]>([
    [1, rows.join('\n')],
    [2, deflateSync(rows.join('\n'))],
  ])('are read: %i', (schema, connections) => {
    const { input, ...verdict } = assessment();
    const earlier = {
      ...beside,
      schema,
      kinds: [{ protocol: 'udp', direction: 'outbound' }],
      verdicts: [{ ...verdict, input: JSON.stringify(input), connections }],
    } as unknown as AddressItem;

    expect(readAddressItem(earlier)).toEqual(readAddressItem(item as AddressItem));
  });

  it('are read without what was left out since it was empty or false', () => {
    const kept = JSON.parse(assessmentText(plainAssessment())) as object;
    const earlier = {
      ...beside,
      schema: 1,
      kinds: [{ protocol: 'udp', direction: 'outbound' }],
      verdicts: [{ ...kept, connections: rows[0] }],
    } as unknown as AddressItem;

    expect(readAddressItem(earlier).map(({ assessment: read }) => read)).toEqual([plainAssessment()]);
  });
});

describe('addressItems: parts', () => {
  const shapes: [string, AssessedConnections[]][] = [
    ['20,000 connections of one verdict', [group({ rows: manyRows(20_000) })]],
    [
      '20,000 connections of many bytes a character',
      [group({ rows: manyRows(20_000).map((row) => row.replaceAll('x', 'ü')) })],
    ],
    [
      '2,000 verdicts of one connection each',
      Array.from({ length: 2_000 }, (_, n) =>
        group({ assessment: assessment({ threat_score: n }), rows: manyRows(1) }),
      ),
    ],
    [
      'a few verdicts of many connections each',
      Array.from({ length: 7 }, (_, n) =>
        group({ assessment: assessment({ threat_score: n }), rows: manyRows(3_000) }),
      ),
    ],
    ['rows of the largest size', [group({ rows: manyRows(300, 4_000) })]],
    [
      'verdicts with large inputs',
      Array.from({ length: 300 }, (_, n) =>
        group({
          assessment: assessment({
            threat_score: n,
            input: { geo_data: { country_code: 'x'.repeat(3_900) } },
          }),
        }),
      ),
    ],
  ];

  it.each(shapes)('keeps parts below the size limit: %s', async (_, groups) => {
    const items = addressItems(assessed({ groups }));

    const sizes = await Promise.all(items.map(async (item) => itemBytes(await wireItem(item))));

    expect(items.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(MAX_ITEM_BYTES);
  });

  it.each(shapes)('puts each row under its verdict in exactly one part: %s', (_, groups) => {
    const items = addressItems(assessed({ groups }));

    const rows = items.flatMap((item) =>
      readContent(item).verdicts.flatMap(({ connections, threat_score }) =>
        connections.map((row) => `${threat_score} ${JSON.stringify(row)}`),
      ),
    );
    expect(rows).toEqual(
      groups.flatMap((each) => each.rows.map((row) => `${each.assessment.threat_score} ${row}`)),
    );
    expect(new Set(items.map(({ sk }) => sk)).size).toBe(items.length);
    expect(items.map(({ sk }) => sk.split('#')[2])).toEqual(items.map((__, part) => String(part)));
    expect(items.every((item) => readContent(item).verdicts.length > 0)).toBe(true);
  });

  it('keeps an item below the size limit when every connection has a protocol of its own', async () => {
    const kinds: ConnectionKind[] = [];
    const records = Array.from({ length: 9_000 }, (_, n) =>
      connectionRecord({ protocol: `proprietary-protocol-${n}` }),
    );

    const items = addressItems(assessed({ groups: [group({ rows: rowsOf(records, kinds) })], kinds }));

    const sizes = await Promise.all(items.map(async (item) => itemBytes(await wireItem(item))));
    expect(Math.max(...sizes)).toBeLessThan(MAX_ITEM_BYTES);
  });
});

describe('readAddressItem', () => {
  it.each([
    ['in which something stands in every field', assessment()],
    ['in which everything that can be empty or false is', plainAssessment()],
    ['without a vote', failedAssessment()],
  ])('gives back an assessment %s', (_, original) => {
    const items = addressItems(assessed({ groups: [group({ assessment: original })] }));

    const read = items.flatMap(readAddressItem);

    expect(read.map((each) => each.assessment)).toEqual([original]);
  });

  it('gives back the connections with what their verdict holds for them', () => {
    const kinds: ConnectionKind[] = [];
    const context = {
      threat_intel: { blocklist: { lists: 1, total_lists: 3 }, otx: ['\ud800', 1e200] },
      geo_data: { country_code: 'DE' },
    };
    const records = [{}, { id: 'C1', bytes: 5 }, { src_ip: '8.8.8.8', dst_ip: '10.0.0.1' }].map((overrides) =>
      connectionRecord({ ...overrides, ...context }),
    );
    const input = { ...context, report_age_days: 3 } as never;

    const items = addressItems(
      assessed({
        kinds,
        groups: [group({ assessment: assessment({ input }), rows: rowsOf(records, kinds) })],
      }),
    );
    const [read] = items.flatMap(readAddressItem);

    expect(read).toMatchObject({ address: '8.8.8.8', ingestedAtMs: 1_700_000_000_000 });
    expect(read?.connections.map((record) => canonicalJson(record))).toEqual(
      records.map((record) => canonicalJson(record)),
    );
  });

  it('reads an IPv6 address from its key', () => {
    const [read] = addressItems(assessed({ address: '2606:4700::1111' })).flatMap(readAddressItem);

    expect(read?.address).toBe('2606:4700::1111');
  });

  it('survives the wire with any unknown threat intelligence', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (unknown) => {
        const input = { threat_intel: { unknown: JSON.parse(JSON.stringify(unknown)) as unknown } } as never;
        const [item] = addressItems(
          assessed({ groups: [group({ assessment: plainAssessment({ input }) })] }),
        );

        const wire = await wireItem(item ?? {});

        const stored = wire.content?.S ?? '';
        expect(Buffer.from(stored).toString()).toBe(stored);
        expect(JSON.parse(stored)).toMatchObject({ verdicts: [{ input }] });
      }),
    );
  });

  it('survives the wire with threat intelligence that a number type cannot hold', async () => {
    const input = {
      threat_intel: { huge: 1e200, tiny: 1e-200, half: '\ud800' },
    } as never;
    const [item] = addressItems(assessed({ groups: [group({ assessment: plainAssessment({ input }) })] }));

    const wire = await wireItem(item ?? {});

    expect(JSON.parse(wire.content?.S ?? '')).toMatchObject({ verdicts: [{ input }] });
  });
});
