import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBody } from '../../../lib/records/message-body.ts';
import { jsonWhiteSpace, sensorRecords, spacedJson } from '../../factories/arbitraries.ts';
import { canonicalText, jsonLines, sensorRecord } from '../../factories/records.ts';

const first = sensorRecord({ id: 'first' });
const second = sensorRecord({ id: 'second' });
const line = JSON.stringify(first);
const otherLine = JSON.stringify(second);

function idsOf(body: string): unknown[] {
  return decodeBody(body).accepted.map(({ record }) => record.id);
}

describe('decodeBody: forms', () => {
  it.each<[string, string, string[]]>([
    ['one record', line, ['first']],
    ['one record over several lines', JSON.stringify(first, null, 2), ['first']],
    ['an array', JSON.stringify([first, second]), ['first', 'second']],
    ['an array over several lines', JSON.stringify([first, second], null, 2), ['first', 'second']],
    ['an array after a byte order mark', `\ufeff${JSON.stringify([first])}`, ['first']],
    ['an empty array', '[]', []],
    ['lines', `${line}\n${otherLine}`, ['first', 'second']],
    ['a line feed at the end', `${line}\n${otherLine}\n`, ['first', 'second']],
    ['carriage returns', `${line}\r\n${otherLine}\r\n`, ['first', 'second']],
    ['blank lines', `\n${line}\n \t\n\r\n${otherLine}\n\n`, ['first', 'second']],
    ['a byte order mark before the first line', `\ufeff${line}\n${otherLine}`, ['first', 'second']],
    ['the same line twice', `${line}\n${line}`, ['first', 'first']],
    [
      'a line separator inside a string',
      jsonLines([{ ...first, note: 'a\u2028b' }, second]),
      ['first', 'second'],
    ],
  ])('reads %s', (_, body, expected) => {
    expect(idsOf(body)).toEqual(expected);
    expect(decodeBody(body).rejected).toEqual([]);
  });

  it('gives each record its canonical text', () => {
    const { accepted } = decodeBody(line);

    expect(accepted.map(({ canonical }) => canonical)).toEqual([canonicalText(first)]);
  });
});

describe('decodeBody: rejections', () => {
  it('rejects a truncated last line and keeps the others', () => {
    const truncated = otherLine.slice(0, 30);

    const { accepted, rejected } = decodeBody(`${line}\n${truncated}`);

    expect(accepted).toHaveLength(1);
    expect(rejected).toEqual([
      { scope: 'record', index: 1, text: truncated, reason: expect.stringMatching(/^not JSON: .+/) },
    ]);
  });

  it('keeps the text of a rejected line as it came', () => {
    const odd = '{"dst_port": 1.0, "dst_port":12345678901234567890 }\r';

    const { rejected } = decodeBody(`${line}\n${odd}\n${otherLine}`);

    expect(rejected).toMatchObject([{ scope: 'record', index: 1, text: odd }]);
  });

  it('keeps the text of a rejected element as it came', () => {
    const odd = '{"dst_port": 1.0, "note":"],[\\"" , "big":12345678901234567890 }';

    const { accepted, rejected } = decodeBody(`[${line} ,\n ${odd}\t, ${otherLine}]`);

    expect(accepted).toHaveLength(2);
    expect(rejected).toMatchObject([{ scope: 'record', index: 1, text: odd }]);
  });

  it('keeps the text of a single rejected record as it came', () => {
    const odd = '\n{ "dst_port": 1.0 }\n';

    const { rejected } = decodeBody(odd);

    expect(rejected).toMatchObject([{ scope: 'record', index: 0, text: odd }]);
  });

  it.each(['42', 'null', '"text"', 'true'])('rejects %s as one record', (body) => {
    const { accepted, rejected } = decodeBody(body);

    expect(accepted).toEqual([]);
    expect(rejected).toMatchObject([{ scope: 'record', index: 0, text: body }]);
  });

  it('counts blank lines neither as records nor in places', () => {
    const { rejected } = decodeBody(`\n\n${line}\n\n{}\n`);

    expect(rejected.map(({ index }) => index)).toEqual([1]);
  });

  it('rejects a line that holds an array', () => {
    const { accepted, rejected } = decodeBody(`${line}\n[${otherLine}]`);

    expect(accepted).toHaveLength(1);
    expect(rejected).toMatchObject([{ index: 1, reason: 'record: expected an object, got an array' }]);
  });

  it.each([
    ['an array with NaN', '[{"bytes":NaN}]'],
    ['an array that ends early', `[${line},`],
    ['text', 'zeek on the sensor was started'],
    ['several lines of text', 'one\ntwo\nthree'],
    ['white space', ' \n\t\n'],
    ['nothing', ''],
    ['a record over several lines, cut off', JSON.stringify(first, null, 2).slice(0, -2)],
  ])('rejects %s whole', (_, body) => {
    const { accepted, rejected } = decodeBody(body);

    const count = body.split('\n').filter((line) => line.trim() !== '').length;
    const whole = { scope: 'body', ...(count > 1 && { count }) };
    expect(accepted).toEqual([]);
    expect(rejected).toEqual([
      { ...whole, index: 0, text: body, reason: expect.stringMatching(/^not JSON: \S/) },
    ]);
  });

  it.each<[string, string, RegExp]>([
    [
      "lines of Zeek's columns",
      '1790000000.5\tC1\t10.0.0.1\t1\n1790000000.6\tC2\t10.0.0.1\t2',
      /^body: columns of a Zeek log/,
    ],
    ["Zeek's header", '#separator \\x09\n#path\tconn', /^body: the header of a Zeek log/],
    ['a syslog line', 'Sep 29 14:40:56 sensor zeek[1]: started', /^body: text with a syslog header/],
    [
      'a syslog line with its priority',
      `<134>1 2026-09-21T14:13:20Z s suricata - - - ${line}`,
      /^body: text with a syslog header/,
    ],
    [
      'flows in an order of their own',
      'eni-1 10.0.0.1 9.9.9.9 1 443 6 1790000000',
      /^body: a flow log line in a custom order/,
    ],
  ])('names %s', (_, body, reason) => {
    const { accepted, rejected } = decodeBody(body);

    expect(accepted).toEqual([]);
    expect(rejected).toMatchObject([{ scope: 'body', text: body, reason: expect.stringMatching(reason) }]);
  });

  it('reads the lines of an array that was cut', () => {
    const { accepted, rejected } = decodeBody(`${line},\n${line},\n${line}`);

    expect([accepted.length, rejected]).toEqual([3, []]);
  });

  it('names a line among records', () => {
    const { accepted, rejected } = decodeBody(`${line}\n1790000000.5\tC1\t10.0.0.1\t1`);

    expect(accepted).toHaveLength(1);
    expect(rejected).toMatchObject([
      { index: 1, reason: expect.stringMatching(/^record: columns of a Zeek log/) },
    ]);
  });

  it('gives reasons on one line without control characters', () => {
    const { rejected } = decodeBody('one\u001b[31m\u0007\r\ntwo');

    expect(rejected.map(({ reason }) => reason).join('')).not.toMatch(/\p{Cc}/u);
  });
});

describe('decodeBody: nothing gets lost', () => {
  const badLines = fc.constantFrom('{}', '42', '[]', '{"src_ip":', 'nonsense', '"', '{"a":NaN}', '\u2028x');
  const goodLines = sensorRecords.map((record) => JSON.stringify(record));

  it('accepts or rejects each line of a mixture once, in order', () => {
    const lines = fc.array(fc.oneof(goodLines, badLines), { minLength: 1 });
    const ends = fc.constantFrom('\n', '\r\n', '\n\n');
    fc.assert(
      fc.property(lines, ends, (texts, end) => {
        const { accepted, rejected } = decodeBody([line, ...texts].join(end));

        const indices = rejected.map(({ index }) => index);
        expect(accepted.length + rejected.length).toBe(texts.length + 1);
        expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
        expect(rejected.map(({ text }) => text.replace(/\r$/, ''))).toEqual(
          indices.map((index) => [line, ...texts][index]),
        );
      }),
    );
  });

  it('reads an array as it reads its elements as lines', () => {
    const values = fc.array(fc.oneof(sensorRecords, fc.constantFrom<unknown>({}, 42, null, 'x', [])), {
      minLength: 2,
    });
    fc.assert(
      fc.property(values, fc.infiniteStream(jsonWhiteSpace), (elements, gaps) => {
        const array = decodeBody(spacedJson(elements, () => gaps.next().value ?? ''));
        const lines = decodeBody(jsonLines(elements));

        expect(array.accepted).toEqual(lines.accepted);
        expect(array.rejected.map(({ index, reason }) => ({ index, reason }))).toEqual(
          lines.rejected.map(({ index, reason }) => ({ index, reason })),
        );
      }),
    );
  });

  it('never throws, whatever the body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (body) => {
        const { accepted, rejected } = decodeBody(body);

        expect(accepted.length + rejected.length).toBeGreaterThanOrEqual(body.trim() === '[]' ? 0 : 1);
      }),
    );
  });
});

describe('decodeBody: more rubbish than can be passed on singly', () => {
  const valid = jsonLines([sensorRecord()]);

  it('passes a thousand invalid records on singly and the rest as one text', () => {
    const lines = Array.from({ length: 1_500 }, (_, n) => `{"n":${n}}`);

    const { accepted, rejected } = decodeBody([...lines, valid].join('\n'));

    expect(accepted).toHaveLength(1);
    expect(rejected).toHaveLength(1_001);
    expect(rejected.slice(0, 1_000).map(({ text }) => text)).toEqual(lines.slice(0, 1_000));
    expect(rejected.at(-1)).toMatchObject({
      scope: 'rest',
      index: 1_000,
      count: 500,
      text: lines.slice(1_000).join('\n'),
      reason: expect.stringContaining('500 more invalid records'),
    });
  });

  it('leaves a thousand as they are', () => {
    const { rejected } = decodeBody([...Array.from({ length: 1_000 }, () => '{}'), valid].join('\n'));

    expect(rejected.every(({ scope }) => scope === 'record')).toBe(true);
  });
});
