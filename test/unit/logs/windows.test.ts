import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogFormat } from '../../../lib/logs/log-format.ts';
import { messagesOf, type Window, type WindowOptions, windowsOf } from '../../../lib/logs/windows.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { decodeBody } from '../../../lib/records/message-body.ts';
import { sensorRecords } from '../../factories/arbitraries.ts';
import { sequence } from '../../factories/iterables.ts';
import { canonicalText, jsonLines, sensorRecord } from '../../factories/records.ts';
import { entriesOf, eveAlert, eveFlow, zeekEntry } from '../../factories/sensor-logs.ts';

const isLocal = createLocality([]);

async function windows(
  text: string,
  { format, ...options }: Partial<WindowOptions> & { readonly format?: LogFormat } = {},
) {
  const entries = await entriesOf(text, format);
  return await Array.fromAsync(windowsOf(sequence(entries), { isLocal, ...options }));
}

async function onlyWindow(text: string, options: Parameters<typeof windows>[1] = {}) {
  const [window, ...others] = await windows(text, options);
  if (window === undefined || others.length > 0) throw new RangeError('expected one window');
  return window;
}

describe('a window', () => {
  it('holds records beside what they share a message with', async () => {
    const text = JSON.stringify(sensorRecord());

    const { records } = await onlyWindow(`\n${text}`);

    expect(records).toEqual([
      { text, group: '8.8.8.8', position: 2, canonical: canonicalText(sensorRecord()) },
    ]);
  });

  it("knows the site's own networks", async () => {
    const text = JSON.stringify(sensorRecord({ src_ip: '9.9.9.9', dst_ip: '192.0.2.7' }));
    const groupIn = async (network: string) =>
      (await onlyWindow(text, { isLocal: createLocality([network]) })).records[0]?.group;

    expect([await groupIn('192.0.2.0/24'), await groupIn('9.9.9.0/24')]).toEqual(['9.9.9.9', '192.0.2.7']);
  });

  it('counts what it does not send', async () => {
    const events = [
      eveFlow(),
      eveFlow({ event_type: 'dns' }),
      eveFlow({ dest_ip: 'x' }),
      eveFlow({ event_type: 'dns' }),
    ];

    const { read, records, invalid, skipped, endPosition } = await onlyWindow(jsonLines(events));

    expect({ read, endPosition, sent: records.length }).toEqual({ read: 4, endPosition: 4, sent: 1 });
    expect(invalid).toMatchObject([{ position: 3, reason: expect.stringMatching(/^dst_ip: /) }]);
    expect([...skipped]).toEqual([['dns', 2]]);
  });

  it('sends what is made of an entry, and a record of ours as it came', async () => {
    const spaced = JSON.stringify(sensorRecord(), null, 1).replaceAll('\n', ' ');

    const { records } = await onlyWindow(`${JSON.stringify(zeekEntry())}\n${JSON.stringify(zeekEntry())}`);
    const ours = await onlyWindow(`${spaced}\n${spaced}`);

    expect(records.map(({ text }) => text)).toEqual([canonicalText(zeekEntry()), canonicalText(zeekEntry())]);
    expect(ours.records.map(({ text }) => text)).toEqual([spaced, spaced]);
  });

  it('writes a record anew that came with more white space than a message holds', async () => {
    const text = JSON.stringify(sensorRecord()).replace('{', `{${' '.repeat(1_048_577)}`);

    expect((await onlyWindow(text)).records).toMatchObject([{ text: canonicalText(sensorRecord()) }]);
  });

  it.each([
    ['no JSON', 'this line is no JSON'],
    ['cut short', '{"timestamp":1'],
    ['no object', 'null'],
    ['a record with a wrong port', JSON.stringify(sensorRecord({ dst_port: 70_000 }))],
  ])('sends what is %s where the service is to keep it', async (_, text) => {
    const { records, invalid } = await onlyWindow(text, { sendsInvalid: true, format: 'json' });

    expect({ records, invalid }).toEqual({ records: [{ text, group: '', position: 1 }], invalid: [] });
  });

  it.each([
    ['an array', '[[[1]]]'],
    ['too large', `"${'x'.repeat(1_048_577)}"`],
  ])('does not send what a message cannot hold as what it is: %s', async (_, text) => {
    const { records, invalid } = await onlyWindow(text, { sendsInvalid: true, format: 'json' });

    expect({ sent: records.length, invalid: invalid.length }).toEqual({ sent: 0, invalid: 1 });
  });

  it('sends what the service reads, in characters that the queue takes', async () => {
    await fc.assert(
      fc.asyncProperty(sensorRecords, async (sent) => {
        // A field of that name makes a record invalid.
        fc.pre(!JSON.stringify(sent).includes('"__proto__"'));
        const { records } = await onlyWindow(JSON.stringify(sent));
        const [{ text = '', group = '', canonical = '' } = {}] = records;
        const { accepted, rejected } = decodeBody(text);

        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
        expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(text.isWellFormed()).toBe(true);
        expect(rejected).toEqual([]);
        expect(accepted.map((record) => record.canonical)).toEqual([canonical]);
        expect(accepted.map(({ record }) => remoteEndpoint(record, isLocal).address)).toEqual([group]);
      }),
    );
  });
});

describe('alerts in a window', () => {
  const flow = (n: number) => eveFlow({ flow_id: n, dest_ip: `45.9.0.${n}` });
  const alert = (n: number) => eveAlert({ flow_id: n, dest_ip: `45.9.0.${n}` });
  const detectedIn = ({ records }: Window) =>
    records.map(({ text, canonical }) => {
      expect(canonicalText(JSON.parse(text))).toBe(canonical);
      return JSON.parse(text).detections?.length ?? 0;
    });

  it('become part of the connections that they are about, wherever in it they are', async () => {
    const window = await onlyWindow(
      jsonLines([alert(1), flow(1), flow(2), flow(3), alert(3), alert(3), alert(9)]),
    );

    expect(detectedIn(window)).toEqual([1, 0, 1]);
    expect({ read: window.read, skipped: [...window.skipped] }).toEqual({ read: 7, skipped: [['alert', 4]] });
  });

  it('are added to what is sent as it came too', async () => {
    const ours = sensorRecord({ id: '1', src_ip: '10.20.4.9', dst_ip: '45.9.0.1' });

    expect(detectedIn(await onlyWindow(jsonLines([ours, alert(1)])))).toEqual([1]);
  });

  it('say nothing in the next one', async () => {
    const size = { entries: 2, characters: 10_000_000 };
    const found = await windows(jsonLines([alert(1), flow(2), flow(3), flow(1), alert(2)]), { size });

    expect(found.map(detectedIn)).toEqual([[0, 0], [0]]);
  });

  it('say nothing after the entry before which the last one ends', async () => {
    const text = `${jsonLines([alert(1), flow(1), flow(2)])}\nnonsense\n${JSON.stringify(alert(2))}`;
    const window = await onlyWindow(text, { isDoubtful: () => true });

    expect(detectedIn(window)).toEqual([1, 0]);
  });
});

describe('windows', () => {
  const lines = Array.from({ length: 450 }, (_, n) => JSON.stringify(zeekEntry({ ts: n, uid: `C${n % 7}` })));
  const log = lines.join('\n');
  const size = { entries: 200, characters: 10_000_000 };

  it('hold so many entries each', async () => {
    expect((await windows(log, { size })).map(({ read }) => read)).toEqual([200, 200, 50]);
    expect((await windows(log)).map(({ read }) => read)).toEqual([450]);
  });

  it('are closed early where entries are large', async () => {
    const noted = zeekEntry({ note: 'x'.repeat(500) });

    const [first, second] = await windows(`${jsonLines(Array(15).fill(noted))}\n${log}`, {
      size: { entries: 200, characters: 7_600 },
    });

    expect(first?.read).toBe(10);
    expect(second?.read).toBeGreaterThan(10);
  });

  it('count what is skipped, for which they need no room', async () => {
    const dns = Array(500).fill(eveFlow({ event_type: 'dns' }));

    const [only] = await windows(jsonLines([eveFlow(), ...dns, eveFlow()]), { size });

    expect(only).toMatchObject({ read: 502, records: { length: 2 } });
  });

  it('give the same messages from any of their ends on', async () => {
    const bodies = (all: Awaited<ReturnType<typeof windows>>) =>
      all.flatMap((window) => [...messagesOf(window)].map(({ body }) => body));
    const all = await windows(log, { size });

    expect(bodies(await windows(log, { size, skip: 200 }))).toEqual(bodies(all.slice(1)));
    expect(bodies(await windows(log, { size, skip: 400 }))).toEqual(bodies(all.slice(2)));
  });
});
