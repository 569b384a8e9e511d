import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayElements } from '../../../lib/records/json-elements.ts';
import { jsonWhiteSpace, smallJson, spacedJson } from '../../factories/arbitraries.ts';

describe('arrayElements', () => {
  it.each<[string, string, string[]]>([
    ['no elements', '[]', []],
    ['white space only', ' [ \n ] ', []],
    ['one element', '[1]', ['1']],
    ['spelling of numbers', '[1.0, 1e2,12345678901234567890]', ['1.0', '1e2', '12345678901234567890']],
    ['repeated keys', '[{"a":1,"a":2}]', ['{"a":1,"a":2}']],
    ['white space around elements', '[\n  {"a": 1} ,\r\n\t2 ]', ['{"a": 1}', '2']],
    ['commas and brackets inside strings', '["],[", "{,}"]', ['"],["', '"{,}"']],
    ['escaped quotes', '["\\"],", "\\\\", 1]', ['"\\"],"', '"\\\\"', '1']],
    ['arrays and objects inside', '[[1,[2]],{"a":[1,{"b":2}]},3]', ['[1,[2]]', '{"a":[1,{"b":2}]}', '3']],
    ['a byte order mark', '\ufeff[1,2]', ['1', '2']],
    ['an empty string as an element', '[""]', ['""']],
  ])('keeps %s', (_, json, expected) => {
    expect(arrayElements(json)).toEqual(expected);
  });

  it('cuts any array at any white space into texts that mean the elements', () => {
    fc.assert(
      fc.property(fc.array(smallJson), fc.infiniteStream(jsonWhiteSpace), (array, gaps) => {
        const json = spacedJson(array, () => gaps.next().value ?? '');

        const elements = arrayElements(json);

        expect(elements.map((text) => JSON.parse(text) as unknown)).toEqual(array);
        expect(elements.every((text) => json.includes(text))).toBe(true);
      }),
    );
  });
});
