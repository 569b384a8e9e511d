import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../lib/logs/log-entry.ts';
import { isTextFormat, type LogFormat } from '../../../lib/logs/log-format.ts';
import { readLog } from '../../../lib/logs/read-log.ts';
import { resumeTextLog } from '../../../lib/logs/read-text-log.ts';
import type { ResumePoint } from '../../../lib/logs/resume-point.ts';
import { connectionRecord } from '../../factories/records.ts';
import { eveFlow, vpcLine, ZEEK_HEADER, zeekEntry, zeekLine } from '../../factories/sensor-logs.ts';

/** A log's bytes from a place on, in pieces that end at multiples of a size. */
async function* pieces(bytes: Buffer, size: number, from = 0): AsyncGenerator<Buffer> {
  for (let at = from; at < bytes.length; ) {
    const end = Math.min(bytes.length, at - (at % size) + size);
    yield bytes.subarray(at, end);
    at = end;
  }
}

interface Place {
  readonly position: number;
  /** Entries up to here, and how many of them are at the position. */
  readonly read: number;
  readonly entries: number;
  readonly at: ResumePoint | undefined;
}

/** Reads a whole log, and asks after each entry where to resume. */
async function readWhole(bytes: Buffer, size: number, format?: LogFormat) {
  const log = await readLog({ chunks: pieces(bytes, size) }, { format });
  const entries: LogEntry[] = [];
  const places: Place[] = [];
  for await (const batch of log.entries) {
    for (const entry of batch) {
      entries.push(entry);
      const { position } = entry;
      const before = places.at(-1);
      places.push({
        position,
        read: entries.length,
        entries: before?.position === position ? before.entries + 1 : 1,
        at: log.resumeAt?.(position),
      });
    }
  }
  return { log, entries, places };
}

const record = fc
  .integer({ min: 1, max: 60_000 })
  .map((src_port) => JSON.stringify(connectionRecord({ src_port })));
const oddity = fc.constantFrom('', '  ', '{"dst_ip":1}', 'garbage', '\ufeff{}', '\u{1f600}ü', '[]', '{');
const LINES: Record<string, { format: LogFormat; first: string; line: fc.Arbitrary<string> }> = {
  records: {
    format: 'json',
    first: JSON.stringify(connectionRecord()),
    line: fc.oneof(
      record,
      oddity,
      fc.array(record, { maxLength: 3 }).map((records) => `[${records.join(', ')}]`),
    ),
  },
  'Zeek JSON': {
    format: 'zeek-json',
    first: JSON.stringify(zeekEntry()),
    line: fc.oneof(
      fc.integer({ min: 0, max: 999 }).map((ts) => JSON.stringify(zeekEntry({ ts, uid: 'Cü' }))),
      oddity,
    ),
  },
  EVE: {
    format: 'eve',
    first: JSON.stringify(eveFlow()),
    line: fc.oneof(
      fc.constantFrom(eveFlow(), { ...eveFlow(), event_type: 'dns' }).map((event) => JSON.stringify(event)),
      oddity,
    ),
  },
  'Zeek columns': {
    format: 'zeek-tsv',
    first: ZEEK_HEADER.join('\n'),
    line: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 999 }).map((ts) => zeekLine(zeekEntry({ ts }))) },
      oddity,
      // Concatenated logs: one of another kind, one without a separator line.
      fc.constantFrom(
        ZEEK_HEADER.join('\n'),
        '#close\t2026-11-27',
        '#path\tdns',
        '#fields\tts\tuid',
        '#separator \\x2c\n#set_separator,;',
      ),
    ),
  },
  'flow logs': {
    format: 'vpc-flow',
    first: 'version account-id srcaddr dstaddr srcport dstport protocol',
    line: fc.oneof(
      fc.integer({ min: 1, max: 999 }).map((port) => `2 123456789010 10.0.0.1 203.0.113.9 ${port} 443 6`),
      fc.constantFrom(vpcLine(), 'srcaddr dstaddr dstport protocol', '10.0.0.2 203.0.113.7 22 6'),
      oddity,
    ),
  },
};

describe('reading on in a log', () => {
  it.each(Object.entries(LINES))('at any entry gives what reading it whole gives: %s', async (_, kind) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(kind.line, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 20, max: 2_000 }),
        fc.boolean(),
        async (lines, lineEnd, size, isNamed) => {
          const bytes = Buffer.from([kind.first, ...lines].join(lineEnd));
          const { format } = kind;
          const { log, entries, places } = await readWhole(bytes, size, isNamed ? format : undefined);
          expect(log.format).toBe(format);
          for (const { position, entries: passed, read, at } of places) {
            if (at === undefined || !isTextFormat(format)) continue;
            const options = { format, isNamed, from: { position, entries: passed }, at };
            const rest = resumeTextLog(pieces(bytes, size, at.byte), options);
            expect((await Array.fromAsync(rest.entries)).flat()).toEqual(entries.slice(read));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(Object.entries(LINES))('can begin at any line after the first: %s', async (_, { first, line }) => {
    const [entry = ''] = fc.sample(
      line.filter((text) => /^[{\d]/.test(text) && text.length > 30),
      { numRuns: 1, seed: 1 },
    );
    const bytes = Buffer.from([first, ...Array.from({ length: 20 }, () => entry)].join('\n'));
    const { places } = await readWhole(bytes, 1_000);

    expect(places.length).toBeGreaterThan(0);
    for (const { position, at } of places.slice(1)) {
      expect(bytes.subarray(at?.byte ?? 0).toString()).toMatch(new RegExp(`^.{${entry.length}}(?:\n|$)`));
      expect(bytes.subarray(0, at?.byte).toString().split('\n')).toHaveLength(position);
    }
  });

  const records = Array.from({ length: 5 }, (_, n) => connectionRecord({ src_port: 1_000 + n }));
  it.each([
    ['packed', gzipSync(records.map((each) => JSON.stringify(each)).join('\n'))],
    ['an array', Buffer.from(JSON.stringify(records))],
    ['pretty-printed', Buffer.from(records.map((each) => JSON.stringify(each, undefined, 2)).join('\n'))],
    ['without line ends', Buffer.from(records.map((each) => JSON.stringify(each)).join(''))],
    ['UTF-16', Buffer.from(`\ufeff${records.map((each) => JSON.stringify(each)).join('\n')}`, 'utf16le')],
  ])('begins at its beginning where there is no other way: %s', async (_, bytes) => {
    const { entries, places } = await readWhole(bytes, 1_000);

    expect(entries.map(({ kind }) => kind)).toEqual(records.map(() => 'connection'));
    expect(places.map(({ at }) => at)).toEqual(records.map(() => undefined));
  });
});
