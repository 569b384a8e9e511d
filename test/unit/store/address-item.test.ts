import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../lib/records/canonical-json.ts';
import type { ConnectionRecord } from '../../../lib/records/connection-record.ts';
import { contentHash } from '../../../lib/records/content-hash.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { type AddressAssessments, type AddressItem, addressItems } from '../../../lib/store/address-item.ts';
import type { AssessedConnections } from '../../../lib/store/address-parts.ts';
import type { Assessment } from '../../../lib/store/assessment.ts';
import { assessmentText } from '../../../lib/store/assessment-text.ts';
import { type ConnectionKind, encodeRow } from '../../../lib/store/connection-rows.ts';
import { readAddressItems, readContent, readScorings } from '../../../lib/store/read-address-items.ts';
import { withStoredText } from '../../../lib/store/stored-text.ts';
import { assessment, failedAssessment, plainAssessment } from '../../factories/assessments.ts';
import { itemBytes, MAX_ITEM_BYTES, wireItem } from '../../factories/dynamodb.ts';
import { placedRows } from '../../factories/items.ts';
import { connectionRecord } from '../../factories/records.ts';

const isLocal = createLocality([]);

function assessed(overrides: Partial<AddressAssessments> = {}): AddressAssessments {
  return {
    address: '8.8.8.8',
    unit: 'ABCDEFGHIJKLMNOPQRSTUV',
    ingestedAtMs: 1_700_000_000_000,
    expiresAt: 1_700_086_400,
    latestMs: 1_664_462_456_755,
    kinds: [{ protocol: 'udp', direction: 'outbound' }],
    groups: [group()],
    ...overrides,
  };
}

function group({
  assessment: said = plainAssessment(),
  rows = ['[1,"10.0.0.1",null,53]'],
}: {
  assessment?: Assessment;
  rows?: readonly string[];
} = {}): AssessedConnections {
  const placed = placedRows(rows).map((row) => ({ ...row, canonical: `${nextRecord++} ${row.text}` }));
  return { assessment: said, text: assessmentText(said), rows: placed };
}

/** Records of different verdicts are different. */
let nextRecord = 0;

function rowsOf(records: readonly ConnectionRecord[], kinds: ConnectionKind[]): string[] {
  return records.map((record) => encodeRow(record, remoteEndpoint(record, isLocal), kinds));
}

function manyRows(count: number, length = 60): string[] {
  return Array.from({ length: count }, (_, n) => `[${n},"10.0.0.1",null,53,"${'x'.repeat(length - 24)}"]`);
}

describe('addressItems: layout', () => {
  it('lays out what one message says about one address', () => {
    const items = addressItems(assessed({ groups: [group({ assessment: assessment() })] }));

    expect(items).toEqual([
      {
        pk: 'address#8.8.8.8#0',
        sk: expect.stringMatching(/^001664462456755#ABCDEFGHIJKLMNOPQRSTUV#[\w-]{22}$/),
        schema: 4,
        ingested_at: 1_700_000_000_000,
        expires_at: 1_700_086_400,
        threat_score: assessment().threat_score,
        content: JSON.stringify({
          kinds: [{ protocol: 'udp', direction: 'outbound' }],
          verdicts: [{ ...assessment(), connections: [[1, '10.0.0.1', null, 53]] }],
        }),
      },
    ]);
  });

  it('commits in its key to the records in canonical order, however verdicts divide them', () => {
    const [first, second, third] = placedRows(['[1]', '[2]', '[3]']);
    const one = { ...group(), rows: [first, third] } as AssessedConnections;
    const other = { ...group({ assessment: assessment() }), rows: [second] } as AssessedConnections;

    const [item] = addressItems(assessed({ groups: [one, other] }));

    expect(item?.sk.split('#')[2]).toBe(contentHash('[1]\n[2]\n[3]'));
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
    expect(readAddressItems([written])).toEqual(readAddressItems([item]));
    expect(readAddressItems([written])[0]?.connections).toHaveLength(30);
  });

  it('is all of the item that writing changes', () => {
    const { content: text, ...beside } = itemWith(30);
    const { content, ...written } = withStoredText({ ...beside, content: text });

    expect(content).toBeInstanceOf(Uint8Array);
    expect(written).toEqual(beside);
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
      groups.flatMap((each) => each.rows.map(({ text }) => `${each.assessment.threat_score} ${text}`)),
    );
    expect(new Set(items.map(({ sk }) => sk)).size).toBe(items.length);
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

describe('readScorings', () => {
  it('gives each endpoint of an assessment once, with the settings of then', () => {
    const kinds: ConnectionKind[] = [];
    const records = [53, 54, 53].map((dst_port, n) => connectionRecord({ dst_port, id: `C${n}` }));
    const settings = {
      mode: 'legacy',
      consensusPercent: 0,
      origin: { source: 'none' },
      maliciousThreshold: 0.7,
    } as const;
    const items = addressItems(
      assessed({ kinds, settings, groups: [group({ rows: rowsOf(records, kinds) })] }),
    );

    const scorings = readScorings(items);

    expect(scorings).toEqual(
      [53, 54].map((dst_port) => ({
        input: { address: '8.8.8.8', dst_port, protocol: 'udp', direction: 'outbound' },
        assessment: plainAssessment(),
        settings,
      })),
    );
  });

  it('has no settings where the item does not say, or nothing that is understood', () => {
    const items = addressItems(assessed());
    const strange = items.map((item) => ({ ...item, settings: 'turbo 5' }));

    for (const read of [readScorings(items), readScorings(strange)]) {
      expect(read).toHaveLength(1);
      expect(read[0]).not.toHaveProperty('settings');
    }
  });

  it('refuses an item whose key is not that of one', () => {
    const [item] = addressItems(assessed());

    expect(() => readScorings([{ ...item, pk: 'a', sk: 'b' } as AddressItem])).toThrow(
      new TypeError('not the key of an address item: a b'),
    );
  });
});

describe('addressItems: the score', () => {
  it('is the highest of the verdicts', () => {
    const groups = [0.3, 0.9, 0.1].map((threat_score) =>
      group({ assessment: plainAssessment({ threat_score }) }),
    );

    expect(addressItems(assessed({ groups })).map(({ threat_score }) => threat_score)).toEqual([0.9]);
  });
});

describe('readAddressItems', () => {
  it('puts an assessment together that spans items, and names its endpoints', () => {
    const kinds: ConnectionKind[] = [];
    const records = Array.from({ length: 9_000 }, (_, n) =>
      connectionRecord({ dst_port: n % 3, id: `C${n}` }),
    );
    const items = addressItems(
      assessed({
        kinds,
        groups: [group({ assessment: assessment(), rows: rowsOf(records, kinds) }), group()],
      }),
    );

    const [spanning, other] = readAddressItems(items);

    expect(items.length).toBeGreaterThan(1);
    expect(spanning?.connections.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(spanning?.endpoints).toEqual(
      [0, 1, 2].map((port) => expect.stringMatching(new RegExp(`^${port}/udp/outbound/[\\w-]{8}$`))),
    );
    expect(spanning?.id).toBe(`8.8.8.8/ABCDEFGHIJKLMNOPQRSTUV/${spanning?.endpoints[0]}/3d`);
    expect(other).toMatchObject({
      id: '8.8.8.8/ABCDEFGHIJKLMNOPQRSTUV/53/udp/outbound',
      latestMs: 1_664_462_456_755,
    });
  });

  it.each([
    ['in which something stands in every field', assessment()],
    ['in which everything that can be empty or false is', plainAssessment()],
    ['without a vote', failedAssessment()],
  ])('gives back an assessment %s', (_, original) => {
    const items = addressItems(assessed({ groups: [group({ assessment: original })] }));

    const read = items.flatMap((item) => readAddressItems([item]));

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
    const [read] = items.flatMap((item) => readAddressItems([item]));

    expect(read).toMatchObject({ address: '8.8.8.8', ingestedAtMs: 1_700_000_000_000 });
    expect(read?.connections.map((record) => canonicalJson(record))).toEqual(
      records.map((record) => canonicalJson(record)),
    );
  });

  it('reads an IPv6 address from its key', () => {
    const [read] = addressItems(assessed({ address: '2606:4700::1111' })).flatMap((item) =>
      readAddressItems([item]),
    );

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
