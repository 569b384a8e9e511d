import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messagesOf, type Window, windowsOf } from '../../../../lib/cli/use/push/windows.ts';
import type { LogFormat } from '../../../../lib/logs/log-format.ts';
import { readLog } from '../../../../lib/logs/read-log.ts';
import { createLocality } from '../../../../lib/records/locality.ts';
import { pick, type Random, seededRandom, wholeNumber } from '../../../bench/random.ts';
import { sequence } from '../../../factories/iterables.ts';
import { sensorRecord } from '../../../factories/records.ts';
import {
  eveFlow,
  legacyRow,
  vpcLine,
  writeLegacyDatabase,
  ZEEK_HEADER,
  zeekEntry,
  zeekLine,
} from '../../../factories/sensor-logs.ts';
import { IS_LONG } from '../../../fixtures/long-tests.ts';
import { createWorkFolder } from '../../../fixtures/service/command-line.ts';

const LINES = IS_LONG ? 25_000 : 2_500;

/** What the formats' own syntax is made of, and what it is not. */
const TOKENS = [
  ...[
    '"',
    '{',
    '}',
    ':',
    ',',
    '\\',
    '\t',
    ' ',
    '-',
    '(empty)',
    'null',
    '1e999',
    '-1',
    '99999999999999999999',
  ],
  ...[
    '\ufeff',
    '\u0000',
    '\ud800',
    '\u2028',
    'ü',
    'NaN',
    '\\x',
    '#',
    '__proto__',
    '0x10',
    'T',
    '::ffff:1.2.3.4%eth0',
  ],
];

/** Cuts a line, or repeats, replaces or moves parts of it; half of all lines stay as they are. */
function mutate(line: string, random: Random): string {
  if (random() < 0.5) return line;
  const at = wholeNumber(0, line.length, random);
  const to = Math.min(line.length, at + wholeNumber(0, 12, random));
  switch (wholeNumber(0, 4, random)) {
    case 0:
      return line.slice(0, at);
    case 1:
      return line.slice(0, at) + line.slice(to);
    case 2:
      return line.slice(0, at) + pick(TOKENS, random) + line.slice(to);
    case 3:
      return line.slice(0, to) + line.slice(at);
    default:
      return line.slice(at) + line.slice(0, at);
  }
}

/** Lines of which the first is whole, as text of a log, with the number of those that hold an entry. */
function mutated(first: readonly string[], lines: readonly string[], isEntry: (line: string) => boolean) {
  const random = seededRandom(20_260_921);
  const texts: string[] = [];
  let entries = 0;
  for (let n = 0; n < LINES; n++) {
    // An array in place of a record stands for its elements, which would have to be counted.
    const line = mutate(lines[n % lines.length] ?? '', random).replace(/^\s*\[/, '');
    texts.push(line);
    if (line.trim() !== '' && isEntry(line)) entries++;
  }
  return { text: [...first, ...texts].join('\n'), entries };
}

async function accountOf(windows: AsyncIterable<Window>) {
  const account = { read: 0, sent: 0, skipped: 0, invalid: 0, packed: 0 };
  for await (const window of windows) {
    account.read += window.read;
    account.sent += window.records.length;
    account.invalid += window.invalid.length;
    for (const amount of window.skipped.values()) account.skipped += amount;
    for (const { records } of messagesOf(window)) account.packed += records.length;
  }
  return account;
}

const isLocal = createLocality([]);
const always = () => true;

describe('many lines, half of them broken', () => {
  const ours = [
    JSON.stringify(sensorRecord()),
    JSON.stringify(sensorRecord({ id: 'C1', bytes: 5, geo_data: { country_code: 'CZ' } })),
  ];
  const zeek = [
    zeekEntry(),
    zeekEntry({ proto: 'icmp', 'id.orig_p': 8, 'id.resp_p': 0 }),
    zeekEntry({ service: undefined }),
  ];
  const eve = [eveFlow(), eveFlow({ event_type: 'alert' }), eveFlow({ proto: 'ICMP', dest_port: undefined })];
  const vpc = [
    vpcLine(),
    vpcLine({ protocol: '1' }),
    '2 1 eni-1 - - - - - - - 1790000000 1790000060 - NODATA',
  ];

  it.each<[LogFormat, readonly string[], readonly string[], (line: string) => boolean]>([
    ['json', [], ours, always],
    ['zeek-json', [], zeek.map((entry) => JSON.stringify(entry)), always],
    ['zeek-tsv', ZEEK_HEADER, zeek.map(zeekLine), (line) => !/^\s*#/.test(line)],
    ['eve', [], eve.map((event) => JSON.stringify(event)), always],
    ['vpc-flow', [], vpc, always],
  ])('of %s are all accounted for', async (format, first, lines, isEntry) => {
    const { text, entries } = mutated(first, lines, isEntry);

    const log = await readLog({ chunks: sequence(Buffer.from(text)) }, format);
    const { read, sent, skipped, invalid, packed } = await accountOf(windowsOf(log.entries, { isLocal }));

    expect(read).toBe(entries);
    expect(sent + skipped + invalid).toBe(read);
    expect(packed).toBe(sent);
    expect(sent).toBeGreaterThan(LINES / 4);
    expect(invalid).toBeGreaterThan(LINES / 10);
  });

  it('of the legacy table are all accounted for', async () => {
    const random = seededRandom(20_260_921);
    const odd = [
      null,
      '',
      '-',
      'T',
      -1,
      1e300,
      70_000,
      2n ** 62n,
      Buffer.from('ff', 'hex'),
      '::1',
      '2026-02-30',
    ];
    const columns = ['timestamp', 'src_ip', 'dst_ip', 'dst_port', 'protocol', 'threat_score'];
    const rows = Array.from({ length: LINES }, () =>
      legacyRow(random() < 0.5 ? {} : { [pick(columns, random)]: pick(odd, random) }),
    );
    const path = join(createWorkFolder(), 'fuzz.db');
    writeLegacyDatabase(path, rows);

    const log = await readLog({ chunks: createReadStream(path), path });
    const { read, sent, skipped, invalid, packed } = await accountOf(windowsOf(log.entries, { isLocal }));

    expect([read, sent + skipped + invalid, packed]).toEqual([LINES, LINES, sent]);
    expect(sent).toBeGreaterThan(LINES / 2);
    expect(invalid).toBeGreaterThan(LINES / 10);
  });
});
