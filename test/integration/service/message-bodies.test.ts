import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import { connection, contents, type Fields, ndjson } from '../../fixtures/service/connections.ts';
import { expectedAssessment, withoutEmpty } from '../../fixtures/service/expected-assessment.ts';
import { metricsOf, recordCounts, warningsOf } from '../../fixtures/service/function-log.ts';
import type { Rejection } from '../../fixtures/service/queue-contents.ts';
import {
  EVENTUALLY,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';
import { collect, storedContents, summariesOf } from '../../fixtures/service/table-contents.ts';

interface Case {
  readonly kind: string;
  readonly body: string;
  readonly stored?: readonly Fields[];
  readonly duplicates?: number;
  readonly rejected?: readonly Omit<Rejection, 'source'>[];
}

/** Connections to ports of one address. */
function to(dst_ip: string, ...ports: readonly number[]): Fields[] {
  return ports.map((dst_port) => connection({ dst_ip, dst_port }));
}

function rejectedRecord(index: number, text: string, reason: unknown): Omit<Rejection, 'source'> {
  return { scope: 'record', index, text, reason: reason as string };
}

function rejectedBody(text: string): Omit<Rejection, 'source'> {
  return { scope: 'body', index: 0, text, reason: expect.stringMatching(/^not JSON: \S.*$/) };
}

const NOT_JSON = expect.stringMatching(/^not JSON: \S.*$/);
const BAD_PORT =
  '{ "timestamp": 1.0, "src_ip": "10.0.0.1", "dst_ip": "10.0.0.2", "dst_port": 65536, "protocol": "tcp" }';
const BAD_ADDRESS = JSON.stringify(connection({ dst_ip: '203.0.113.256' }));
const REPEATED_KEY =
  '{"timestamp":1e0,"timestamp":"soon","src_ip":"10.0.0.1","dst_ip":"10.0.0.2","dst_port":1,"protocol":"tcp"}';
const TOO_LARGE = JSON.stringify(connection({ note: 'x'.repeat(5_000) }));

const CASES: readonly Case[] = [
  { kind: 'one record', body: ndjson(to('192.0.2.1', 80)), stored: to('192.0.2.1', 80) },
  {
    kind: 'one record over several lines',
    body: JSON.stringify(connection({ dst_ip: '192.0.2.2' }), null, 2),
    stored: to('192.0.2.2', 443),
  },
  {
    kind: 'an array',
    body: JSON.stringify(to('192.0.2.3', 80, 443)),
    stored: to('192.0.2.3', 80, 443),
  },
  {
    kind: 'lines',
    body: ndjson(to('192.0.2.4', 22, 80, 443)),
    stored: to('192.0.2.4', 22, 80, 443),
  },
  {
    kind: 'lines as some editors leave them: byte order mark, CRLF, blank lines',
    body: `\ufeff${to('192.0.2.5', 22, 80)
      .map((record) => JSON.stringify(record))
      .join('\r\n\r\n')}\r\n \r\n`,
    stored: to('192.0.2.5', 22, 80),
  },
  {
    kind: 'repeated records, spelt differently too',
    body: ndjson([
      ...to('2001:db8::6', 443, 443),
      connection({ dst_ip: '2001:DB8:0:0::6', protocol: 'TCP', bytes: null }),
      ...to('2001:db8::6', 80),
    ]),
    stored: to('2001:db8::6', 443, 80),
    duplicates: 2,
  },
  {
    kind: 'one id on different records',
    body: ndjson([
      connection({ dst_ip: '192.0.2.7', id: 'C1', bytes: 1 }),
      connection({ dst_ip: '192.0.2.7', id: 'C1', bytes: 2 }),
    ]),
    stored: [1, 2].map((bytes) => connection({ dst_ip: '192.0.2.7', id: 'C1', bytes })),
  },
  {
    kind: 'an array with invalid elements',
    body: `[${BAD_PORT}, ${ndjson(to('192.0.2.8', 80))},\n null, [], ${REPEATED_KEY}]`,
    stored: to('192.0.2.8', 80),
    rejected: [
      rejectedRecord(0, BAD_PORT, 'dst_port: expected at most 65535, got 65536'),
      rejectedRecord(2, 'null', 'record: expected an object, got null'),
      rejectedRecord(3, '[]', 'record: expected an object, got an array'),
      rejectedRecord(4, REPEATED_KEY, 'timestamp: expected epoch seconds or an ISO 8601 time, got "soon"'),
    ],
  },
  {
    kind: 'lines with invalid ones',
    body: [
      '{"timestamp": NaN}',
      ndjson(to('192.0.2.9', 80)),
      '',
      BAD_ADDRESS,
      TOO_LARGE,
      '{"timestamp":17',
    ].join('\n'),
    stored: to('192.0.2.9', 80),
    rejected: [
      rejectedRecord(0, '{"timestamp": NaN}', NOT_JSON),
      rejectedRecord(2, BAD_ADDRESS, 'dst_ip: expected an IPv4 or IPv6 address, got "203.0.113.256"'),
      rejectedRecord(3, TOO_LARGE, expect.stringMatching(/^record: \d+ bytes, the limit is 4096$/)),
      rejectedRecord(4, '{"timestamp":17', NOT_JSON),
    ],
  },
  {
    kind: 'valid JSON that is no record',
    body: '"\\ud800 \u00fc"',
    rejected: [
      rejectedRecord(0, '"\\ud800 \u00fc"', expect.stringMatching(/^record: expected an object, got "/)),
    ],
  },
  { kind: 'garbage', body: 'no JSON\nat all\r\n\t', rejected: [rejectedBody('no JSON\nat all\r\n\t')] },
  {
    kind: 'an array cut short',
    body: `[${ndjson(to('192.0.2.10', 80))},`,
    rejected: [rejectedBody(`[${ndjson(to('192.0.2.10', 80))},`)],
  },
  { kind: 'blanks', body: ' \n ', rejected: [rejectedBody(' \n ')] },
  { kind: 'an empty array', body: '[]' },
];

let service: ScoringService;

beforeAll(async () => {
  service = await startScoringService();
});

afterAll(() => service.stop());

describe('a message of', () => {
  it.each(CASES)('$kind', async ({ body, stored = [], duplicates = 0, rejected = [] }) => {
    const [messageId] = await service.push(body);
    await service.drained();

    const [summary] = await summariesOf(service.table, [body]);
    const invalid = rejectedRecords(rejected);
    const records = stored.length + duplicates + invalid;
    expect(summary?.statistics).toMatchObject({
      records,
      stored: stored.length,
      duplicates,
      rejected: invalid,
    });
    const address = String(stored[0]?.dst_ip ?? '192.0.2.255');
    expect(summary?.items).toEqual(
      stored.length === 0
        ? []
        : [{ address, latestMs: 1_790_000_000_000, records: [expect.stringMatching(/^[\w-]{22}$/)] }],
    );
    const read = await collect(readAssessmentsOf(service.table, address, Date.now()));
    expect(contents(read.flatMap(({ connections }) => connections))).toEqual(contents(stored));
    const rejections = (await service.rejections()).filter(({ source }) => source === messageId);
    expect(rejections.toSorted((a, b) => a.index - b.index)).toEqual(
      rejected.map((entry) => ({ ...entry, source: messageId })),
    );
  });

  it('any kind is in the table once, whatever came before and after it', async () => {
    expect(await storedContents(service.table)).toEqual(contents(CASES.flatMap(({ stored = [] }) => stored)));
  });

  it('any kind is read once, however often it is pushed, alone or beside others', async () => {
    const bodies = CASES.map(({ body }) => body);

    await service.push(...bodies.toReversed(), ...bodies);
    await service.drained();

    for (const { stored = [] } of CASES) {
      const address = String(stored[0]?.dst_ip ?? '192.0.2.255');
      const read = await collect(readAssessmentsOf(service.table, address, Date.now()));
      expect(contents(read.flatMap(({ connections }) => connections))).toEqual(contents(stored));
    }
  });

  it('any kind is logged in one line per invocation', async () => {
    await vi.waitFor(() => {
      expect(metricsOf(service.logLines)).toHaveLength(service.stack.usage().lambda.invocations);
    }, EVENTUALLY);

    const counts = metricsOf(service.logLines).map(recordCounts);
    for (const { received, stored, duplicates, rejected, failedMessages } of counts) {
      expect(received).toBe(stored + duplicates + rejected);
      expect(failedMessages).toBe(0);
    }
    const total = CASES.reduce(
      (sum, { stored = [], duplicates = 0, rejected = [] }) =>
        sum + stored.length + duplicates + rejectedRecords(rejected),
      0,
    );
    expect(counts.reduce((sum, { received }) => sum + received, 0)).toBe(3 * total);
    expect(warningsOf(service.logLines)).toEqual([]);
    expect(service.logLines).toHaveLength(counts.length);
  });
});

describe('what is stored', () => {
  it('is what the engine says about each endpoint, with the connections that it covers', async () => {
    const records = [
      connection({ dst_ip: '192.0.2.100', dst_port: 22, src_port: 40_001, id: 'C1', bytes: 12 }),
      connection({
        dst_ip: '192.0.2.100',
        dst_port: 443,
        threat_intel: { virustotal: { malicious_vendors: 9, total_vendors: 94 } },
      }),
      connection({
        src_ip: '192.0.2.100',
        dst_ip: '10.20.4.9',
        local_orig: false,
        local_resp: true,
        protocol: 'udp',
        further: { kept: [1, 'as', null] },
      }),
    ];

    await service.push(ndjson(records));
    await service.drained();

    const read = await collect(readAssessmentsOf(service.table, '192.0.2.100', Date.now()));
    const expected = records.map((record) => ({
      connections: [record],
      assessment: withoutEmpty(expectedAssessment(record, records)),
    }));
    const found = read.map(({ connections, assessment }) => ({
      connections,
      assessment: withoutEmpty(assessment),
    }));
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
  });
});

/** A body rejected whole counts as its lines. */
function rejectedRecords(rejected: readonly { readonly scope: string; readonly text: string }[]): number {
  const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '').length;
  return rejected.reduce(
    (sum, { scope, text }) => sum + (scope === 'body' ? Math.max(1, linesOf(text)) : 1),
    0,
  );
}
