import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../lib/records/parse-json.ts';

describe('parseJson', () => {
  it.each([
    ['{"n":9007199254740991}', { n: 9_007_199_254_740_991 }],
    ['{"n":9007199254740993}', { n: '9007199254740993' }],
    ['{"n":-9007199254740993}', { n: '-9007199254740993' }],
    ['{"n":1664462456.7552991234567}', { n: 1_664_462_456.755_299_1 }],
    ['{"n":1e400}', { n: '1e400' }],
    [`{"n":${'9'.repeat(400)}}`, { n: '9'.repeat(400) }],
    ['{"n":1e200}', { n: 1e200 }],
    ['{"text":"12345678901234567890","n":1}', { text: '12345678901234567890', n: 1 }],
  ])('reads %s without losing a digit that matters', (json, expected) => {
    expect(parseJson(json)).toEqual({ ok: true, value: expected });
  });

  it('skips a byte order mark', () => {
    expect(parseJson('\ufeff[1]')).toEqual({ ok: true, value: [1] });
  });

  it.each(['', '{', 'NaN', '{"a":\u0001}'])('says in one line that %j is not JSON', (text) => {
    const parsed = parseJson(text);

    expect(parsed).toEqual({ ok: false, reason: expect.stringMatching(/^not JSON: [^\p{Cc}]+$/u) });
  });
});
