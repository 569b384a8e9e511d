import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refreshFeed } from '../../../../lib/intelligence/feeds/refresh-feed.ts';
import { addressBytes } from '../../../../lib/intelligence/lists/address-range.ts';
import { unpackRanges } from '../../../../lib/intelligence/lists/packed-ranges.ts';
import { canonicalAddress } from '../../../../lib/records/address.ts';
import { buildFeed, FeedStoreInMemory } from '../../../factories/feeds.ts';

const DAY_MS = 86_400_000;

interface Block {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly text: string;
}

function addressText(family: 4 | 6, position: bigint): string {
  const bytes = addressBytes(family, position);
  const text = family === 4 ? bytes.join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
  return canonicalAddress(text) ?? text;
}

/** Blocks of an allocated part of the address space, close enough to touch and to overlap. */
function blocks(family: 4 | 6): fc.Arbitrary<Block> {
  const bits = family === 4 ? 32 : 128;
  const base = family === 4 ? 0xcb_00_00_00n : 0x2a0b_0000_0000_0000_0000_0000_0000_0000n;
  return fc
    .tuple(fc.bigInt({ min: 0n, max: 4_095n }), fc.integer({ min: bits - 6, max: bits }))
    .map(([offset, prefix]) => {
      const size = 1n << BigInt(bits - prefix);
      const first = ((base + offset) / size) * size;
      return { family, first, last: first + size - 1n, text: `${addressText(family, first)}/${prefix}` };
    });
}

describe('what a refreshed list names', () => {
  it('is what it lists, no address more and none less, at the edges of blocks too', async () => {
    const listed = fc.array(fc.oneof(blocks(4), blocks(6)), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(listed, async (entries) => {
        const store = new FeedStoreInMemory();
        const feed = buildFeed({
          url: undefined,
          plainHttp: undefined,
          entries: entries.map(({ text }) => text),
        });
        await refreshFeed(feed, undefined, {
          store,
          homeNetworks: [],
          readKey: async () => undefined,
          now: () => 20_000 * DAY_MS,
        });
        const ranges = unpackRanges(store.stored.get('attackers')?.chunks ?? []);
        const edges = entries.flatMap(({ family, first, last }) =>
          [first - 1n, first, first + 1n, last - 1n, last, last + 1n].map((position) => ({
            family,
            position,
          })),
        );

        for (const { family, position } of edges) {
          const isListed = entries.some(
            (entry) => entry.family === family && entry.first <= position && position <= entry.last,
          );
          const day = ranges.lastListedDay(addressText(family, position));
          expect(day, addressText(family, position)).toBe(isListed ? 20_000 : undefined);
        }
      }),
      { numRuns: 60 },
    );
  });
});
