import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatenatedObjects, ObjectCutter } from '../../../lib/records/concatenated-json.ts';

function cut(...pieces: readonly string[]): string[] {
  const cutter = new ObjectCutter();
  return [...pieces.flatMap((piece) => cutter.push(piece)), ...cutter.end()];
}

describe('objects that follow one another', () => {
  it.each<[string, string, string[]]>([
    ['directly', '{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
    ['with white space and commas', '{"a":1} , {"b":2},\n{}', ['{"a":1}', '{"b":2}', '{}']],
    ['with braces in strings', '{"a":"}{"}{"b":"\\"}{"}', ['{"a":"}{"}', '{"b":"\\"}{"}']],
    ['nested', '{"a":{"b":[{},{}]}}{"c":{}}', ['{"a":{"b":[{},{}]}}', '{"c":{}}']],
    ['with something between', '{"a":1}oops{"b":2}', ['{"a":1}', 'oops', '{"b":2}']],
    ['the first cut short', '{"a":{"b":1}{"c":2}', ['{"a":{"b":1}', '{"c":2}']],
    ['the last cut short', '{"a":1}{"b":', ['{"a":1}', '{"b":']],
    ['cut short inside a string before a line end', '{"a":"x\n{"b":2}', ['{"a":"x', '{"b":2}']],
  ])('are cut apart: %s', (_, text, expected) => {
    expect(cut(text)).toEqual(expected);
    expect(cut(...text)).toEqual(expected);
  });

  it.each([
    ['one object', '{"a":{}}'],
    ['lines', '{"a":1}'],
    ['a line whose parts were moved', ':1,"b":{}}{"a'],
    ['no JSON', 'nothing } { at all'],
  ])('are not looked for in %s', (_, text) => {
    expect(concatenatedObjects(text)).toBeUndefined();
  });

  it('are what was put together, wherever the pieces end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (objects, size) => {
          const texts = objects.map((each) => JSON.stringify(each));
          const text = texts.join('');
          const pieces = text.match(new RegExp(`.{1,${size}}`, 'gs')) ?? [];

          expect(cut(...pieces)).toEqual(texts);
          expect(concatenatedObjects(text)).toEqual(texts);
        },
      ),
    );
  });

  it('lose nothing, whatever stands there', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'{}",:\\ \nab1')), (characters) => {
        const text = characters.join('');
        const kept = cut(text).join('').replaceAll(/[\s,]/g, '');

        expect(kept).toBe(text.replaceAll(/[\s,]/g, ''));
      }),
    );
  });
});
