import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonRecords } from '../../../lib/logs/formats/json-records.ts';
import { InputError } from '../../../lib/logs/input-error.ts';
import { jsonWhiteSpace, smallJson, spacedJson } from '../../factories/arbitraries.ts';
import { collect, sequence } from '../../factories/iterables.ts';

async function read(chunks: AsyncIterable<Buffer | string>) {
  const { unit, records } = await readJsonRecords(chunks);
  return { unit, records: (await collect(records)).flat() };
}

function readText(text: string) {
  return read(sequence(Buffer.from(text)));
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

describe('readJsonRecords: lines', () => {
  it.each<[string, string, [number, string][]]>([
    ['nothing', '', []],
    ['blank lines only', '\n \r\n\n', []],
    ['one line without an end', '{"a":1}', [[1, '{"a":1}']]],
    [
      'lines',
      '{"a":1}\n{"a":2}\n',
      [
        [1, '{"a":1}'],
        [2, '{"a":2}'],
      ],
    ],
    [
      'carriage returns',
      '{"a":1}\r\n{"a":2}\r\n',
      [
        [1, '{"a":1}'],
        [2, '{"a":2}'],
      ],
    ],
    [
      'blank lines before, between and after',
      '\n\n{"a":1}\n \n{"a":2}\n\n',
      [
        [3, '{"a":1}'],
        [5, '{"a":2}'],
      ],
    ],
    [
      'a byte order mark',
      '\ufeff{"a":1}\n{"a":2}',
      [
        [1, '{"a":1}'],
        [2, '{"a":2}'],
      ],
    ],
    [
      'a line separator inside a string',
      '{"a":"x\u2028y\u2029z\u0085"}\n{}',
      [
        [1, '{"a":"x\u2028y\u2029z\u0085"}'],
        [2, '{}'],
      ],
    ],
    [
      'lines that are not JSON',
      'nonsense\n{}',
      [
        [1, 'nonsense'],
        [2, '{}'],
      ],
    ],
    [
      'arrays in place of records as their elements',
      '{}\n[1, {"a":2}]\n[]\n[[3]]',
      [
        [1, '{}'],
        [2, '1'],
        [2, '{"a":2}'],
        [4, '[3]'],
      ],
    ],
    [
      'arrays from the first line on',
      '[1]\n[2]',
      [
        [1, '1'],
        [2, '2'],
      ],
    ],
    [
      'records over several lines',
      '{\n "a": {\n  "b": 1\n }\n}\n{\n "c": 2\n}\n{\n "cut',
      [
        [1, '{  "a": {   "b": 1  } }'],
        [6, '{  "c": 2 }'],
        [9, '{  "cut'],
      ],
    ],
  ])('reads %s', async (_, text, expected) => {
    const { unit, records } = await readText(text);

    expect(unit).toBe('line');
    expect(records).toEqual(expected.map(([position, line]) => ({ position, text: line })));
  });

  it('gives a line as soon as it is complete', async () => {
    const { records } = await readJsonRecords(
      (async function* () {
        yield Buffer.from('{"a":1}\n{"a":');
        throw new Error('the file ends here');
      })(),
    );

    const first = await records[Symbol.asyncIterator]().next();

    expect(first.value).toEqual([{ text: '{"a":1}', position: 1 }]);
  });
});

describe('readJsonRecords: arrays', () => {
  it.each<[string, string, string[]]>([
    ['an empty array', '[]', []],
    ['an array on one line', '[{"a":1},{"a":2}]', ['{"a":1}', '{"a":2}']],
    ['an array over lines', '\n [\n{"a":1},\r\n{"a":2}\n]\n', ['{"a":1}', '{"a":2}']],
    ['an element over lines', '[{\r\n"a":1,\n"b":2}]', ['{ "a":1, "b":2}']],
    ['a byte order mark', '\ufeff[1]', ['1']],
    ['spelling of numbers', '[1.0,12345678901234567890]', ['1.0', '12345678901234567890']],
  ])('reads %s', async (_, text, expected) => {
    const { unit, records } = await readText(text);

    expect(unit).toBe('element');
    expect(records).toEqual(expected.map((element, index) => ({ text: element, position: index + 1 })));
  });

  it('reads a byte order mark that comes in text', async () => {
    const { records } = await read(sequence('\ufeff[1,2]'));

    expect(records.map(({ text }) => text)).toEqual(['1', '2']);
  });

  it.each(['[1,', '[1,]', '[1] 2', '[NaN]'])('says that %s is not JSON', async (text) => {
    await expect(readJsonRecords(sequence(Buffer.from(text)))).rejects.toThrow(InputError);
  });

  it('gives elements that are single lines and mean the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(smallJson), fc.infiniteStream(jsonWhiteSpace), async (array, gaps) => {
        const { records } = await readText(spacedJson(array, () => gaps.next().value ?? ''));

        const expected = (array as unknown[]).flat(1);
        expect(records.map(({ text }) => JSON.parse(text) as unknown)).toEqual(expected);
        expect(records.every(({ text }) => !/[\r\n]/.test(text))).toBe(true);
      }),
    );
  });
});

describe('readJsonRecords: chunks', () => {
  const text = '\ufeff\n{"a":"ü€\u2028\u{1f600}"}\r\n\r\n{"b":2}\n{"c":"é"}';

  it.each([
    ['lines', text],
    ['an array', '\ufeff[{"a":"ü€\u{1f600}"},\r\n {"b":"]"}]'],
  ])('reads %s cut at any byte', async (_, whole) => {
    const bytes = Buffer.from(whole);
    const expected = await read(sequence(bytes));

    for (let place = 0; place <= bytes.length; place++) {
      const records = await read(sequence(bytes.subarray(0, place), bytes.subarray(place)));
      expect(records).toEqual(expected);
    }
  });

  it('reads lines cut at several bytes', async () => {
    const lines = fc.array(fc.string({ unit: 'grapheme' }).map((line) => JSON.stringify(line)));
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(), { maxLength: 8 }), async (texts, places) => {
        const chunks = cut(Buffer.from(texts.join('\n')), places);

        const { records } = await read(sequence(...chunks));

        expect(records.map((record) => record.text)).toEqual(texts);
      }),
    );
  });

  it('reads chunks of text', async () => {
    const { records } = await read(sequence('{"a":', '1}\r', '\n{"a":2}'));

    expect(records.map((record) => record.text)).toEqual(['{"a":1}', '{"a":2}']);
  });
});

describe('readJsonRecords: what begins as something else', () => {
  it('reads lines after a first one that only looks like an array', async () => {
    const { unit, records } = await readText('[warn] started\n{"a":1}\n[{"b":2}]');

    expect(unit).toBe('line');
    expect(records).toEqual([
      { position: 1, text: '[warn] started' },
      { position: 2, text: '{"a":1}' },
      { position: 3, text: '{"b":2}' },
    ]);
  });

  it('keeps a record that stands after one cut short', async () => {
    const { records } = await readText('{\n "a": 1,\n{"b":2}\n{\n "c": 3\n}');

    expect(records.map(({ text }) => text)).toEqual(['{  "a": 1,', '{"b":2}', '{  "c": 3 }']);
  });

  it('reads arrays in arrays without going deeper than one', async () => {
    const depth = 20_000;

    const { records } = await readText(`${'['.repeat(depth)}${']'.repeat(depth)}`);

    expect(records).toHaveLength(1);
  });
});
