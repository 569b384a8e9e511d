import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../../lib/records/address.ts';
import { contentHash } from '../../../lib/records/content-hash.ts';
import { assessmentId, parseAssessmentId } from '../../../lib/store/assessment-id.ts';
import { addressItemKey } from '../../../lib/store/keys.ts';

const HASH = 'fiGCaZRSzH4sTAYKtvKdMj';
const ID = `203.0.113.201/1790003591582/${HASH}/0/0`;

const addresses = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .map((text) => canonicalAddress(text))
  .filter((address) => address !== undefined);
const places = fc.record({
  address: addresses,
  message: fc.string({ unit: 'binary' }).map(contentHash),
  latestMs: fc.integer({ min: 0, max: 253_402_300_799_000 }),
  part: fc.nat({ max: 9_999 }),
  index: fc.nat({ max: 999_999 }),
});

describe("an assessment's id", () => {
  it('leads back to where the assessment is', () => {
    fc.assert(
      fc.property(places, ({ address, message, latestMs, part, index }) => {
        const key = addressItemKey(address, message, latestMs, part);

        expect(parseAssessmentId(assessmentId(key, index))).toEqual({ address, message, key, index });
      }),
    );
  });

  it('is one word that a shell leaves alone', () => {
    fc.assert(
      fc.property(places, ({ address, message, latestMs, part, index }) => {
        const id = assessmentId(addressItemKey(address, message, latestMs, part), index);

        expect(id).toMatch(/^[\w.:/-]+$/);
        expect(id).not.toMatch(/^-/);
      }),
    );
  });

  it.each([
    '',
    'nonsense',
    '203.0.113.201',
    ID.slice(0, -2),
    `${ID}/0`,
    `${ID} `,
    ` ${ID}`,
    `${ID}\n`,
    ID.replace('203.0.113.201', ''),
    ID.replace('203.0.113.201', 'example.org'),
    ID.replace('203.0.113.201', '203.0.113.201#1'),
    ID.replace('203.0.113.201', '2001:DB8::1'),
    ID.replace('1790003591582', '-1'),
    ID.replace('1790003591582', '1.5'),
    ID.replace('1790003591582', '1234567890123456'),
    ID.replace(HASH, HASH.slice(1)),
    ID.replace(HASH, `${HASH}A`),
    ID.replace(HASH, `#${HASH.slice(1)}`),
    ID.replace(/0\/0$/, '-1/0'),
    ID.replace(/0\/0$/, '0/-1'),
    ID.replace(/0\/0$/, '10000/0'),
    ID.replaceAll('/', '#'),
  ])('is not %j', (text) => {
    expect(parseAssessmentId(text)).toBeUndefined();
  });
});
