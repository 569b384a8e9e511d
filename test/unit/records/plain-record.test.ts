import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../lib/records/connection-record.ts';
import { isPlain } from '../../../lib/records/plain-record.ts';
import { sensorRecords } from '../../factories/arbitraries.ts';
import { canonicalText, sensorRecord } from '../../factories/records.ts';

/** A field that is nested, which only the schema reads. */
const NESTED = { zz: {} };

/** What the schema makes of a value. */
function bySchema(value: object): unknown {
  const parsed = parseRecord({ ...value, ...NESTED });
  if (!parsed.ok) return parsed;
  const { zz: _, ...record } = parsed.record;
  return { ok: true, record, canonical: parsed.canonical.replace(/,?"zz":\{\}/, '').replace('{,', '{') };
}

/** Values that a field may have by mistake, and those at the edges of what it may have. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(0, -0, -1, 65_535, 65_536, 1.5, 1e-7, 2 ** 53 - 1, 2 ** 53, 253_402_300_799, 1e12),
  fc.constantFrom<unknown>(
    '',
    'TCP',
    'a'.repeat(33),
    'x'.repeat(257),
    '1.2.3.4',
    '::FFFF:1.2.3.4',
    '2001:DB8::',
  ),
  fc.constantFrom<unknown>(true, null, '\ud800', 'fe80::1%eth0', '010.1.1.1', '.a', '6'),
);
const oddField = fc.tuple(
  fc.constantFrom(...['timestamp', 'src_ip', 'dst_ip', 'dst_port', 'src_port', 'protocol', 'id', 'bytes']),
  oddValue,
);
const oddRecord = fc
  .tuple(sensorRecords, fc.array(oddField, { maxLength: 2 }))
  .map(([record, odd]) => ({ ...record, ...Object.fromEntries(odd) }))
  // The nested field has a size of its own, which nearer to the limit would show.
  .filter((record) => Buffer.byteLength(JSON.stringify(record)) < 3_900);

describe('the shortcut past the schema', () => {
  it('is taken by what sensors send', () => {
    const plain = sensorRecord({ id: 'C1', src_port: 1, bytes: 5, local_orig: true, note: 'x', weight: 0.5 });

    expect(isPlain(plain)).toBe(true);
    expect(bySchema(plain)).toEqual(parseRecord(plain));
  });

  it('comes out where the schema does, for whatever is and is not valid', () => {
    fc.assert(
      fc.property(oddRecord, (value) => {
        expect(parseRecord(value)).toEqual(bySchema(value));
      }),
      { numRuns: 500 },
    );
  });

  it('sorts fields whatever order they come in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['b', 'a', '10', '9', 'A', 'z_z', 'ä', ' ']), (keys) => {
        const extra = Object.fromEntries(keys.map((key) => [key, 1]));
        const record = sensorRecord(extra);
        const reversed = Object.fromEntries(Object.entries(record).reverse());

        expect(canonicalText(reversed)).toBe(canonicalText(record));
      }),
    );
  });
});
