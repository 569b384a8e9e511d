import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PackableRecord, packMessages } from '../../../lib/logs/packing.ts';

const TARGET_BYTES = 190_000;

const packables: fc.Arbitrary<PackableRecord[]> = fc.array(
  fc.record({
    text: fc.oneof(
      { weight: 5, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
      { weight: 3, arbitrary: fc.integer({ min: 20_000, max: 80_000 }).map((size) => 'x'.repeat(size)) },
      { weight: 1, arbitrary: fc.constant('ü'.repeat(60_000)) },
      { weight: 1, arbitrary: fc.constant('y'.repeat(TARGET_BYTES + 1)) },
    ),
    group: fc.constantFrom('8.8.8.8', '1.1.1.1', '9.9.9.9'),
  }),
  { maxLength: 25 },
);

describe('packMessages', () => {
  it('packs nothing into nothing', () => {
    expect([...packMessages([])]).toEqual([]);
  });

  it('puts groups side by side, in the order of their first record', () => {
    const window = ['b1', 'a1', 'b2', 'c1', 'a2'].map((text) => ({ text, group: text.charAt(0) }));

    const messages = [...packMessages(window)];

    expect(messages.map(({ body }) => body)).toEqual(['b1\nb2\na1\na2\nc1']);
  });

  it('closes a message before it exceeds its target', () => {
    const half = { text: 'x'.repeat(TARGET_BYTES / 2 - 1), group: 'a' };

    const messages = [...packMessages([half, half, half])];

    expect(messages.map(({ records }) => records.length)).toEqual([2, 1]);
  });

  it('counts the line feeds between records', () => {
    const window = Array.from({ length: 20_000 }, () => ({ text: 'x'.repeat(9), group: 'a' }));

    const messages = [...packMessages(window)];

    expect(messages.map(({ records }) => records.length)).toEqual([19_000, 1_000]);
  });

  it('gives a record larger than the target a message of its own', () => {
    const huge = { text: 'x'.repeat(TARGET_BYTES * 2), group: 'a' };
    const small = { text: 'y', group: 'a' };

    const messages = [...packMessages([small, huge, small])];

    expect(messages.map(({ records }) => records)).toEqual([[small], [huge], [small]]);
  });

  it('keeps each record exactly once, its group in order', () => {
    fc.assert(
      fc.property(packables, (window) => {
        const packed = [...packMessages(window)].flatMap(({ records }) => records);

        expect(new Set(packed)).toEqual(new Set(window));
        expect(packed).toHaveLength(window.length);
        for (const group of new Set(window.map((record) => record.group))) {
          expect(packed.filter((record) => record.group === group)).toEqual(
            window.filter((record) => record.group === group),
          );
        }
      }),
    );
  });

  it('writes the texts of its records, one a line, into a body below the target', () => {
    fc.assert(
      fc.property(packables, (window) => {
        for (const { body, records } of packMessages(window)) {
          expect(body).toBe(records.map(({ text }) => text).join('\n'));
          expect(records.length === 1 || Buffer.byteLength(body) <= TARGET_BYTES).toBe(true);
        }
      }),
    );
  });

  it('packs the same records in the same way', () => {
    fc.assert(
      fc.property(packables, (window) => {
        const [once, again] = [window, structuredClone(window)].map((records) =>
          [...packMessages(records)].map(({ body }) => body),
        );

        expect(again).toEqual(once);
      }),
    );
  });
});
