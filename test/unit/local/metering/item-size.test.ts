import { describe, expect, it } from 'vitest';
import { itemSizeBytes, valueSizeBytes } from '../../../../lib/local/metering/item-size.ts';

describe('valueSizeBytes', () => {
  it.each([
    ['text in UTF-8', { S: 'naïve' }, 6],
    ['an empty text', { S: '' }, 0],
    ['binary by its raw length', { B: Buffer.alloc(10).toString('base64') }, 10],
    ['true', { BOOL: true }, 1],
    ['null', { NULL: true }, 1],
    ['a digit', { N: '5' }, 2],
    ['two digits', { N: '42' }, 2],
    ['three digits', { N: '427' }, 3],
    ['trailing zeros left out', { N: '1000' }, 2],
    ['leading zeros left out', { N: '0.0012' }, 2],
    ['an exponent left out', { N: '12e10' }, 2],
    ['zero', { N: '0' }, 1],
    ['38 digits, the most there are', { N: '1'.repeat(38) }, 20],
    ['an empty list', { L: [] }, 3],
    ['a list: 3 bytes and 1 per element', { L: [{ S: 'ab' }, { BOOL: false }] }, 3 + 1 + 2 + 1 + 1],
    ['an empty map', { M: {} }, 3],
    ['a map: 3 bytes and 1 per element', { M: { key: { S: 'ab' } } }, 3 + 1 + 3 + 2],
    ['nesting', { M: { a: { L: [{ N: '7' }] } } }, 3 + 1 + 1 + (3 + 1 + 2)],
    ['a set of texts', { SS: ['ab', 'c'] }, 3],
    ['a set of numbers', { NS: ['1', '234'] }, 2 + 3],
    ['a set of binaries', { BS: [Buffer.alloc(4).toString('base64')] }, 4],
  ])('counts %s', (_, value, bytes) => {
    expect(valueSizeBytes(value)).toBe(bytes);
  });
});

describe('itemSizeBytes', () => {
  it('adds names and values up', () => {
    expect(itemSizeBytes({ pk: { S: 'a' }, größe: { N: '12' } })).toBe(2 + 1 + (7 + 2));
  });

  it('is 0 for nothing', () => {
    expect(itemSizeBytes({})).toBe(0);
  });
});
