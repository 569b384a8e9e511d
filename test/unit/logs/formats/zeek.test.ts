import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../lib/logs/input-error.ts';
import {
  entriesOf,
  logOf,
  outcomeOf,
  ZEEK_HEADER,
  zeekEntry,
  zeekLine,
} from '../../../factories/sensor-logs.ts';

type Fields = Readonly<Record<string, unknown>>;

const RECORD = {
  timestamp: 1_790_000_000.123456,
  id: 'CHhAvVGS1DHFjwGM9',
  src_ip: '10.20.4.9',
  src_port: 40_042,
  dst_ip: '203.0.113.7',
  dst_port: 443,
  protocol: 'tcp',
  service: 'ssl',
  state: 'answered',
  duration: 0.012,
  bytes: 350,
  bytes_out: 100,
  bytes_in: 250,
  local_orig: true,
  local_resp: false,
};

function tsv(...entries: readonly Fields[]): string {
  return [...ZEEK_HEADER, ...entries.map(zeekLine), '#close\t2026-09-21-15-00-00', ''].join('\n');
}

function json(...entries: readonly Fields[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

async function only(text: string): Promise<unknown> {
  const entries = await entriesOf(text);
  expect(entries).toHaveLength(1);
  return outcomeOf(entries[0]);
}

describe('an entry of conn.log, as JSON and as columns', () => {
  const { service: _, ...withoutService } = RECORD;
  const { bytes: __, bytes_out: ____, bytes_in: _____, ...withoutBytes } = RECORD;
  const { src_port: ___, ...withoutPort } = withoutService;
  const { duration: ______, ...withoutDuration } = RECORD;

  it.each<[string, Fields, Fields]>([
    ['an outbound connection', {}, RECORD],
    ['unset fields', { service: undefined }, withoutService],
    ['no bytes counted', { orig_bytes: undefined, resp_bytes: undefined }, withoutBytes],
    [
      'bytes counted in one direction',
      { orig_bytes: undefined },
      { ...withoutBytes, bytes: 250, bytes_in: 250 },
    ],
    ['no duration', { duration: undefined }, withoutDuration],
    ['a time that counts from zero', { ts: 0.25 }, { ...RECORD, timestamp: 0.25 }],
    [
      'labels',
      { label: 'Malicious', detailedlabel: 'C&C' },
      { ...RECORD, label: 'Malicious', detailedlabel: 'C&C' },
    ],
    ['an empty text', { service: '' }, { ...RECORD, service: '' }],
    ['an empty set, which is of no use', { tunnel_parents: [] }, RECORD],
    [
      'IPv6',
      { 'id.orig_h': '2001:DB8::0:1', 'id.resp_h': 'ff02::fb' },
      { ...RECORD, src_ip: '2001:db8::1', dst_ip: 'ff02::fb' },
    ],
    [
      'a ping: type and code are no ports',
      { proto: 'icmp', service: undefined, 'id.orig_p': 8, 'id.resp_p': 0 },
      { ...withoutPort, protocol: 'icmp', dst_port: 0, icmp_type: 8, icmp_code: 0 },
    ],
    [
      'an ICMPv6 neighbour advertisement',
      { proto: 'icmp', service: undefined, 'id.orig_p': 136, 'id.resp_p': 133 },
      { ...withoutPort, protocol: 'icmp', dst_port: 0, icmp_type: 136, icmp_code: 133 },
    ],
    [
      'a transport without ports',
      { proto: 'unknown_transport', service: undefined, 'id.orig_p': 0, 'id.resp_p': 0 },
      { ...withoutPort, protocol: 'unknown_transport', dst_port: 0 },
    ],
  ])('%s', async (_, changes, expected) => {
    const entry = zeekEntry(changes);

    expect(await only(json(entry))).toEqual(expected);
    expect(await only(tsv(entry))).toEqual(expected);
  });

  it.each<[string, Fields, string]>([
    ['no address', { 'id.resp_h': undefined }, 'dst_ip: missing'],
    ['a port out of range', { 'id.resp_p': 70_000 }, 'dst_port: expected at most 65535, got 70000'],
    [
      'an address that is none',
      { 'id.orig_h': '10.1' },
      'src_ip: expected an IPv4 or IPv6 address, got "10.1"',
    ],
    ['no time', { ts: undefined }, 'timestamp: missing'],
  ])('is invalid with %s', async (_, changes, reason) => {
    const entry = zeekEntry(changes);

    expect(await only(json(entry))).toBe(reason);
    expect(await only(tsv(entry))).toBe(reason);
  });

  it('keeps entries that share a uid', async () => {
    const entries = [zeekEntry(), zeekEntry({ ts: 1_790_000_001 })];

    expect(await entriesOf(json(...entries))).toMatchObject([{ kind: 'connection' }, { kind: 'connection' }]);
    expect(await entriesOf(tsv(...entries))).toMatchObject([{ kind: 'connection' }, { kind: 'connection' }]);
  });
});

describe('conn.log as JSON', () => {
  const rename = (name: (key: string) => string) =>
    Object.fromEntries(Object.entries(zeekEntry()).map(([key, value]) => [name(key), value]));
  const {
    'id.orig_h': orig_h,
    'id.orig_p': orig_p,
    'id.resp_h': resp_h,
    'id.resp_p': resp_p,
    ...rest
  } = zeekEntry();

  it.each<[string, Fields]>([
    ['underscores for dots', rename((key) => key.replace('.', '_'))],
    ['an object for what is dotted', { ...rest, id: { orig_h, orig_p, resp_h, resp_p } }],
    ['ISO times', zeekEntry({ ts: '2026-09-21T14:13:20.123456Z' })],
    ['nulls for what is not set', zeekEntry({ tunnel_parents: null, label: null })],
    ['the name of the log', zeekEntry({ _path: 'conn', _write_ts: 1_790_000_009 })],
    ["a shipper's own time", zeekEntry({ timestamp: '2031-01-01T00:00:00Z', protocol: 'shipped' })],
  ])('reads %s', async (_, entry) => {
    expect(await only(json(entry))).toEqual(RECORD);
  });

  it('keeps what the service does not know, and what was looked up', async () => {
    const extra = { community_id: '1:abc=', vlan: 7, geo_data: { country_code: 'CZ' }, tags: ['a'] };

    expect(await only(json(zeekEntry(extra)))).toEqual({ ...RECORD, ...extra });
  });

  it.each(['dns', 'conn_summary', 'ssl'])('skips entries of other logs: %s', async (path) => {
    const entries = await entriesOf(json(zeekEntry(), zeekEntry({ _path: path })));

    expect(outcomeOf(entries[1])).toEqual(path === 'conn_summary' ? RECORD : { skipped: path });
  });

  it.each([
    ['cut short', '{"ts":1790000000.1,"uid":"C1', /^not JSON: /],
    ['no object', 'null', /^record: expected an object, got null$/],
    [
      'with a reserved name',
      JSON.stringify(zeekEntry()).replace('"service"', '"__proto__"'),
      /^record: a field must not be named __proto__$/,
    ],
    [
      'with a count that is text',
      JSON.stringify(zeekEntry({ orig_bytes: 'many' })),
      /^bytes: expected a number, got "many"; bytes_out: expected a number, got "many"$/,
    ],
  ])('says why a line is invalid: %s', async (_, line, reason) => {
    const entries = await entriesOf(`${json(zeekEntry())}${line}`);

    expect(entries[1]).toMatchObject({ kind: 'invalid', position: 2, text: line });
    expect(outcomeOf(entries[1])).toMatch(reason);
  });
});

describe('conn.log as columns', () => {
  it.each<[string, (text: string) => string]>([
    ['a tab before the first line', (text) => `\t${text}`],
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['carriage returns', (text) => text.replaceAll('\n', '\r\n')],
    ['blank lines', (text) => text.replaceAll('\n', '\n\n')],
    [
      'commas between columns',
      (text) => text.replace('\\x09', '\\x2c').replace('r\t,', 'r\t;').replaceAll('\t', ','),
    ],
    [
      'other signs for what is not set',
      (text) => text.replace('field\t-', 'field\t?').replaceAll(/\t-(?=[\t\n])/g, '\t?'),
    ],
    ['underscored names', (text) => text.replaceAll(/id\.(orig|resp)/g, 'id_$1')],
    ['no types', (text) => text.replace(/#types.*\n/, '')],
    ['ISO times', (text) => text.replace('1790000000.123456', '2026-09-21T16:13:20.123456+0200')],
    ['the same header twice', (text) => text + text.split('\n').slice(0, ZEEK_HEADER.length).join('\n')],
  ])('reads %s', async (_, change) => {
    const text = change(tsv(zeekEntry({ label: 'Benign' })));

    expect(await only(text)).toEqual({ ...RECORD, label: 'Benign' });
  });

  it('goes by the order of the header, which may change', async () => {
    const lines = [
      '#separator \\x09',
      '#fields\tproto\tid.resp_p\tid.resp_h\tid.orig_h\tts',
      'udp\t53\t9.9.9.9\t10.0.0.1\t5.5',
      '#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\tproto\tnote',
      '6.5\t10.0.0.2\t9.9.9.9\t53\tudp\tsecond',
    ];

    const [first, second] = (await entriesOf(lines.join('\n'))).map(outcomeOf);

    const common = { dst_ip: '9.9.9.9', dst_port: 53, protocol: 'udp' };
    expect(first).toEqual({ ...common, timestamp: 5.5, src_ip: '10.0.0.1' });
    expect(second).toEqual({ ...common, timestamp: 6.5, src_ip: '10.0.0.2', note: 'second' });
  });

  it('reads labels that were appended with spaces', async () => {
    const header = ZEEK_HEADER.map((line) =>
      line
        .replace('\tlabel\tdetailedlabel', '   label   detailed-label')
        .replace(/\tstring\tstring$/, '   string   string'),
    );
    const line = zeekLine(zeekEntry()).replace(/\t-\t-$/, '   Malicious   Port Scan');

    expect(await only([...header, line].join('\n'))).toEqual({
      ...RECORD,
      label: 'Malicious',
      'detailed-label': 'Port Scan',
    });
  });

  it('reads what Zeek had to escape', async () => {
    const entry = zeekEntry({ label: 'tab\there', detailedlabel: '\\x2d \\\\ \\xc3\\xbc' });

    expect(await only(tsv(entry))).toMatchObject({ label: 'tab\there', detailedlabel: '- \\ ü' });
  });

  it('reads columns by their types', async () => {
    const lines = [
      '#separator \\x09',
      '#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\tproto\ta\tb\tc\td\te',
      '#types\ttime\taddr\taddr\tport\tenum\tset[count]\tvector[bool]\tdouble\tcount\tset[string]',
      '1\t10.0.0.1\t9.9.9.9\t53\tudp\t1,2\tT,F\t-1.5e-3\t18446744073709551615\t(empty)',
    ];

    expect(await only(lines.join('\n'))).toMatchObject({
      a: [1, 2],
      b: [true, false],
      c: -0.0015,
      d: '18446744073709551615',
      e: [],
    });
  });

  it.each([
    ['a line cut short', 5, /^record: expected 23 columns, got 5$/],
    ['a line with more columns than the header', 30, /^record: expected 23 columns, got 30$/],
  ])('says that %s is invalid', async (_, columns, reason) => {
    const cells = Array.from({ length: columns }, (_, n) => String(n)).join('\t');
    const entries = await entriesOf(`${tsv(zeekEntry())}${cells}`);

    expect(entries[1]).toMatchObject({ kind: 'invalid', position: 11, text: cells });
    expect(outcomeOf(entries[1])).toMatch(reason);
  });

  it('skips another log that was appended', async () => {
    const dns = ['#separator \\x09', '#path\tdns', '#fields\tts\tquery', '1\texample.org', '2\texample.net'];

    const entries = await entriesOf(`${tsv(zeekEntry())}${dns.join('\n')}`);

    expect(entries.map(({ kind }) => kind)).toEqual(['connection', 'skipped', 'skipped']);
    expect(outcomeOf(entries[2])).toEqual({ skipped: 'dns' });
  });

  it('asks for a header', async () => {
    const reading = logOf(zeekLine(zeekEntry()), 'zeek-tsv');

    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(/^these are lines of a Zeek log without its header, /);
  });
});
