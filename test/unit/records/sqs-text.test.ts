import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqsText } from '../../../lib/records/sqs-text.ts';

describe('sqsText', () => {
  it.each([
    ['plain text', '{"a":"ü€\u2028"}', '{"a":"ü€\u2028"}'],
    ['white space', 'a\tb\nc\r', 'a\tb\nc\r'],
    ['a character outside the basic plane', '\u{1f600}\u{10ffff}', '\u{1f600}\u{10ffff}'],
    ['the ends of what is allowed', '\ud7ff\ue000\ufffd\u007f\u0085', '\ud7ff\ue000\ufffd\u007f\u0085'],
    [
      'control characters',
      '\u0000\u0008\u000b\u000c\u000e\u001f',
      '\\u0000\\u0008\\u000b\\u000c\\u000e\\u001f',
    ],
    ['noncharacters', '\ufffe\uffff', '\\ufffe\\uffff'],
    ['a lone high surrogate', 'a\ud83db', 'a\\ud83db'],
    ['a lone low surrogate', 'a\ude00b', 'a\\ude00b'],
    ['surrogates in the wrong order', '\ude00\ud83d', '\\ude00\\ud83d'],
    ['a lone surrogate before a pair', '\ud83d\ud83d\ude00', '\\ud83d\ud83d\ude00'],
  ])('writes %s', (_, text, expected) => {
    expect(sqsText(text)).toBe(expected);
  });

  it('leaves nothing that SQS refuses', () => {
    const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(sqsText(text)).toMatch(allowed);
      }),
    );
  });

  it('does not change what JSON means', () => {
    const values = fc.string({
      unit: fc.constantFrom('\ufffe', '\uffff', '\u007f', 'a', '"', '\\', '\ud83d\ude00'),
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(sqsText(JSON.stringify(value)))).toBe(value);
      }),
    );
  });
});
