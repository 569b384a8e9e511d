import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../lib/logs/input-error.ts';
import type { LogFormat } from '../../../../lib/logs/log-format.ts';
import { readLog } from '../../../../lib/logs/read-log.ts';
import { sequence } from '../../../factories/iterables.ts';
import { sensorRecord } from '../../../factories/records.ts';
import {
  entriesOf,
  eveFlow,
  logOf,
  vpcLine,
  ZEEK_HEADER,
  zeekEntry,
  zeekLine,
} from '../../../factories/sensor-logs.ts';

const OURS = JSON.stringify(sensorRecord());
const ZEEK = JSON.stringify(zeekEntry());
const EVE = JSON.stringify(eveFlow());
const TSV = [...ZEEK_HEADER, zeekLine(zeekEntry())].join('\n');

describe('what a log is', () => {
  it.each<[string, LogFormat, string]>([
    ['a record of ours', 'json', OURS],
    ['an array of ours', 'json', `[${OURS}]`],
    [
      'a record of ours that mentions an event type',
      'json',
      JSON.stringify(sensorRecord({ event_type: 'x', flow_id: 1 })),
    ],
    ['Zeek as JSON', 'zeek-json', ZEEK],
    ['Zeek as JSON, underscored', 'zeek-json', ZEEK.replaceAll('id.', 'id_')],
    ['Zeek as JSON, nested', 'zeek-json', '{"ts":1,"id":{"orig_p":1,"orig_h":"10.0.0.1"}}'],
    ['an array of what Zeek wrote', 'zeek-json', `[\n${ZEEK}\n]`],
    ['Zeek as JSON over lines', 'zeek-json', JSON.stringify(zeekEntry(), null, 2)],
    ['Zeek as columns', 'zeek-tsv', TSV],
    ['Zeek as columns after a blank', 'zeek-tsv', `\n\t${TSV}`],
    ['Zeek as columns without its first lines', 'zeek-tsv', ZEEK_HEADER.slice(6).join('\n')],
    ['a flow of Suricata', 'eve', EVE],
    ['another event of Suricata', 'eve', JSON.stringify(eveFlow({ event_type: 'dns' }))],
    [
      'statistics of Suricata',
      'eve',
      '{"timestamp":"2026-09-21T16:20:00+0200","event_type":"stats","stats":{}}',
    ],
    ['a VPC flow', 'vpc-flow', vpcLine()],
    ['a header of VPC flows', 'vpc-flow', 'srcaddr dstaddr start'],
    ['a line cut short before Suricata', 'eve', `"flow_id":5}\n${EVE}`],
    ['a line cut short before a VPC flow', 'vpc-flow', `443 6 9\n${vpcLine()}`],
    ['JSON text sequences', 'eve', `\u001e${EVE}\n\u001e${EVE}\n`],
    ['a record as a text', 'json', JSON.stringify(OURS)],
    ["Zeek's log without sides", 'zeek-json', '{"ts":1.5,"fingerprint":"ab","certificate.serial":"1"}'],
    ['a VPC flow after a time', 'vpc-flow', `1790000000123 ${vpcLine()}`],
    ['a VPC flow after a time in CSV', 'vpc-flow', `timestamp,message\n1790000000123,${vpcLine()}`],
    [
      'a header of VPC flows as it was set up',
      'vpc-flow',
      ['srcaddr', 'dstaddr', 'start'].map((name) => `$\{${name}}`).join(' '),
    ],
    ['a header of Logs Insights', 'vpc-flow', '@timestamp srcAddr dstAddr'],
  ])('shows in its first lines: %s', async (_, format, text) => {
    expect((await logOf(text)).format).toBe(format);
  });

  it('is what the user says it is', async () => {
    expect((await logOf(ZEEK, 'json')).entries).toMatchObject([{ kind: 'connection', text: ZEEK }]);
    expect((await logOf(OURS, 'zeek-json')).entries).toMatchObject([{ kind: 'invalid' }]);
    expect((await logOf(ZEEK, 'eve')).entries).toMatchObject([{ kind: 'invalid' }]);
  });

  it('is told before the second line has come', async () => {
    const log = await readLog({
      chunks: (async function* () {
        yield Buffer.from(`${EVE}\n`);
        throw new Error('the second line has not come yet');
      })(),
    });

    const first = await log.entries[Symbol.asyncIterator]().next();

    expect(log.format).toBe('eve');
    expect(first.value).toMatchObject([{ kind: 'connection' }]);
  });

  it.each<[string, string]>([
    ['Zeek', [ZEEK, EVE, OURS, vpcLine(), `{"log":${JSON.stringify(EVE)}}`].join('\n')],
    ['Suricata', [EVE, ZEEK, OURS, vpcLine(), `{"log":${JSON.stringify(ZEEK)}}`].join('\n')],
    ['Suricata, in an array', `[${EVE},${ZEEK},${OURS},${EVE},${ZEEK}]`],
    ['Zeek, with a comma after each', [ZEEK, EVE, OURS, EVE, ZEEK].map((each) => `${each},`).join('\n')],
  ])('may be a mixture that begins with %s', async (_, text) => {
    expect((await entriesOf(text)).map(({ kind }) => kind)).toEqual(Array(5).fill('connection'));
  });

  it('may be a mixture, of which the service takes the same', async () => {
    const text = [OURS, ZEEK, EVE, JSON.stringify(eveFlow({ event_type: 'alert' }))].join('\n');

    expect((await entriesOf(text)).map(({ kind }) => kind)).toEqual([
      'connection',
      'connection',
      'connection',
      'skipped',
    ]);
  });
});

describe('the encoding of a text', () => {
  const lines = `${TSV}\n${zeekLine(zeekEntry())}\n`;
  const little = Buffer.from(lines, 'utf16le');
  const big = Buffer.from(little).swap16();

  it.each<[string, Buffer]>([
    ['UTF-16, little-endian', Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
    ['UTF-16, big-endian', Buffer.concat([Buffer.from([0xfe, 0xff]), big])],
    ['UTF-16 without a mark, little-endian', little],
    ['UTF-16 without a mark, big-endian', big],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${lines}`)],
    ['carriage returns', Buffer.from(lines.replaceAll('\n', '\r\n'))],
    ['packed UTF-16', gzipSync(little)],
  ])('makes no difference: %s', async (_, content) => {
    expect(await entriesOf(content)).toEqual(await entriesOf(lines));
    expect(await entriesOf(content)).toHaveLength(2);
  });

  it('is named where it is not read', async () => {
    const utf32 = Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0, 0x22, 0, 0, 0, 0x61, 0, 0, 0, 0x22, 0, 0, 0]);

    await expect(entriesOf(utf32)).rejects.toThrow(/^this is text in UTF-32; write UTF-8/);
  });
});

describe('zero bytes, as copytruncate leaves them', () => {
  it.each<[string, string]>([
    ['in front', `${'\0'.repeat(100_000)}${EVE}\n${EVE}\n`],
    ['in the midst', `${EVE}\n${'\0'.repeat(100_000)}${EVE}\n`],
    ['several times', `${'\0'.repeat(9)}${EVE}\n${'\0'.repeat(50)}${EVE}\n${'\0'.repeat(20)}`],
  ])('are left out: %s', async (_, content) => {
    expect((await entriesOf(content)).map(({ kind }) => kind)).toEqual(['connection', 'connection']);
  });

  it('in a line make it binary', async () => {
    await expect(entriesOf(`x${'\0'.repeat(900)}`)).rejects.toThrow(/^this is binary data/);
  });
});

describe('what is no table', () => {
  it.each<[string, string, RegExp]>([
    ['damaged JSON', 'x{"a":1,"b":2,"c":3}\nx{"a":1,"b":2,"c":3}', /^the format is unknown/],
    [
      "Zeek's columns with times as text",
      '2026-09-21T14:13:20.5Z\tCAbc1\t10.0.0.1\t1\t9.9.9.9\t443\ttcp',
      /^these are lines of a Zeek log/,
    ],
    ['JSON that lacks its beginning', ZEEK.slice(60), /^the format is unknown/],
    ['CSV', 'a,b,c\n1,2,3', /^this is CSV/],
    [
      'a table with tabs that begins with a time',
      'timestamp\tsrc_ip\tdst_ip\tdst_port\n1790000000\t10.0.0.1\t9.9.9.9\t443',
      /^this is a tab-separated table/,
    ],
    [
      "the names of Zeek's columns without #fields",
      'ts\tuid\tid.orig_h\n1790000000.1\tCAbc1\t10.0.0.1',
      /^these are lines of a Zeek log without its header/,
    ],
  ])('is not named so: %s', async (_, content, reason) => {
    await expect(entriesOf(content)).rejects.toThrow(reason);
  });
});

describe('packed logs', () => {
  const text = Buffer.from(`${TSV}\n`.repeat(500));

  it.each<[string, Buffer]>([
    ['gzip', gzipSync(text)],
    ['Zstandard', zstdCompressSync(text)],
    [
      'several gzip files in one',
      Buffer.concat([gzipSync(text.subarray(0, 777)), gzipSync(text.subarray(777))]),
    ],
    [
      'several Zstandard files in one',
      Buffer.concat([0, 777, 778].map((from, n) => zstdCompressSync(text.subarray(from, [777, 778][n])))),
    ],
  ])('are unpacked: %s', async (_, packed) => {
    const plain = await logOf(text);

    expect(await logOf(packed)).toEqual({ ...plain, entries: plain.entries });
    for (const size of [1, 3, 64]) {
      const pieces = Array.from({ length: Math.ceil(packed.length / size) }, (_, n) =>
        packed.subarray(n * size, (n + 1) * size),
      );
      const log = await readLog({ chunks: sequence(...pieces) });
      expect((await Array.fromAsync(log.entries)).flat()).toHaveLength(500);
    }
  });

  it.each([
    ['gzip', gzipSync(text)],
    ['Zstandard', zstdCompressSync(text)],
  ])('that are cut short or damaged say so: %s', async (name, packed) => {
    const half = Math.floor(packed.length / 2);
    const damaged = Buffer.from(packed).fill(0xa5, half);

    for (const wrong of [packed.subarray(0, half), damaged]) {
      const reading = logOf(wrong);
      await expect(reading).rejects.toThrow(InputError);
      await expect(reading).rejects.toThrow(`the ${name} data is damaged or truncated: `);
    }
  });

  it('may not be empty', async () => {
    for (const packed of [gzipSync(''), zstdCompressSync('')]) {
      await expect(entriesOf(packed)).rejects.toThrow('it is empty');
    }
  });

  it('may be packed twice, as a delivery stream does with what CloudWatch Logs has packed', async () => {
    expect(await entriesOf(gzipSync(gzipSync(text)))).toHaveLength(500);
  });
});

describe('lines', () => {
  it('that have no end are no log', async () => {
    const endless = (async function* () {
      for (;;) yield 'x'.repeat(2 ** 26);
    })();

    const log = await readLog({ chunks: endless }, { format: 'vpc-flow' });

    await expect(Array.fromAsync(log.entries)).rejects.toThrow(/^line 1 has more than \d+ characters/);
  });
});
