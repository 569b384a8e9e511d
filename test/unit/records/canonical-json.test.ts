import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../lib/records/canonical-json.ts';
import { contentHash } from '../../../lib/records/content-hash.ts';
import { recordIdentity } from '../../../lib/records/record-identity.ts';
import { smallJson } from '../../factories/arbitraries.ts';
import { canonicalText, connectionRecord, sensorRecord } from '../../factories/records.ts';

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { inner: nested(levels - 1) };
}

describe('canonicalJson', () => {
  it.each<[unknown, string]>([
    [null, 'null'],
    [true, 'true'],
    [1e3, '1000'],
    [-0, '0'],
    ['a"b\n', '"a\\"b\\n"'],
    ['\ud800', '"\\ud800"'],
    [[], '[]'],
    [{}, '{}'],
    [{ b: 1, a: [2, { d: 3, c: 4 }] }, '{"a":[2,{"c":4,"d":3}],"b":1}'],
    [{ 10: 'x', 9: 'y' }, '{"9":"y","10":"x"}'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ])('writes %j as %s', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it('means the same as what it was made of', () => {
    fc.assert(
      fc.property(smallJson, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('writes sixteen levels and refuses the next', () => {
    const deepest = canonicalJson(nested(16));

    expect(JSON.parse(deepest)).toEqual(nested(16));
    expect(() => canonicalJson(nested(17))).toThrow(new RangeError('nested deeper than 16 levels'));
  });

  it('refuses nesting that would exhaust the stack', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as unknown;

    expect(() => canonicalJson(deep)).toThrow(RangeError);
  });
});

describe('contentHash', () => {
  it.each(['', 'a', 'ü', '\ud83d\ude00', 'x'.repeat(1_000_000)])(
    'is 22 characters of base64url (%#)',
    (text) => {
      expect(contentHash(text)).toMatch(/^[A-Za-z0-9_-]{22}$/);
    },
  );

  it('is the beginning of SHA-256', () => {
    expect(contentHash('')).toBe('47DEQpj8HBSa-_TImW-5JC');
  });

  it('tells different texts apart', () => {
    const texts = Array.from({ length: 1000 }, (_, n) => String(n));

    expect(new Set(texts.map(contentHash)).size).toBe(texts.length);
  });
});

describe('recordIdentity', () => {
  it('is the hash of the canonical text, the sensor uid included', () => {
    const identity = recordIdentity(connectionRecord({ id: 'C1' }));

    expect(identity).toBe(contentHash(canonicalText(sensorRecord({ id: 'C1' }))));
    expect(identity).not.toBe(recordIdentity(connectionRecord({ id: 'C2' })));
  });
});
