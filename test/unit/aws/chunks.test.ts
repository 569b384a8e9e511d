import { describe, expect, it } from 'vitest';
import { chunksOf } from '../../../lib/aws/chunks.ts';

describe('chunksOf', () => {
  it.each([
    [[], 2, []],
    [[1], 2, [[1]]],
    [[1, 2], 2, [[1, 2]]],
    [[1, 2, 3], 2, [[1, 2], [3]]],
  ])('cuts %j into pieces of %i', (elements, size, expected) => {
    expect(chunksOf<number>(elements, size)).toEqual(expected);
  });
});
