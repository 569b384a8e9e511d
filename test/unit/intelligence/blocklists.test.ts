import { describe, expect, it } from 'vitest';
import { rangeOfBlock } from '../../../lib/intelligence/lists/address-range.ts';
import { type PackedAddresses, packRanges } from '../../../lib/intelligence/lists/blocklist-set.ts';
import {
  type BlocklistEntry,
  type BlocklistStore,
  refreshedBlocklists,
} from '../../../lib/intelligence/lists/blocklists.ts';
import { mergeRanges } from '../../../lib/intelligence/lists/merge-ranges.ts';
import { fakeClock } from '../../factories/clock.ts';

const NOW_MS = 1_700_000_000_000;

function entry(source: string, overrides: Partial<BlocklistEntry> = {}): BlocklistEntry {
  return {
    source,
    version: 'a',
    lists: 1,
    addresses: 1,
    ranges: 0,
    chunks: 1,
    importedAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 3_600_000,
    ...overrides,
  };
}

function packed(...entries: readonly [string, number][]): PackedAddresses[] {
  return packRanges(mergeRanges(entries.map(([text, lists]) => ({ ...rangeOfBlock(`${text}/32`), lists }))));
}

function setUp() {
  const clock = fakeClock(NOW_MS);
  const held = {
    entries: [] as [BlocklistEntry, PackedAddresses[] | undefined][],
    lists: 0,
    loads: 0,
    isDown: false,
  };
  const store: BlocklistStore = {
    list: async () => {
      held.lists++;
      if (held.isDown) throw new Error('down');
      return held.entries.map(([each]) => each);
    },
    load: async (wanted) => {
      held.loads++;
      return held.entries.find(([each]) => each === wanted)?.[1];
    },
  };
  const problems: string[] = [];
  const lists = refreshedBlocklists(store, {
    maxAgeMs: 30_000,
    now: clock.now,
    random: () => 0,
    onProblem: (problem) => problems.push(problem),
  });
  /** An invocation: gives the sets that it uses. */
  const invoke = async () => {
    const { value } = await lists.current();
    await lists.settle(clock.now() + 1_000);
    return value;
  };
  const find = async (wanted: string) => (await lists.current()).value.find(wanted, clock.now());
  return { clock, held, problems, invoke, find };
}

describe('Blocklists', () => {
  it('adds up the votes of all sets', async () => {
    const { held, invoke, find } = setUp();
    held.entries = [
      [entry('one', { lists: 8 }), packed(['8.8.8.8', 3], ['9.9.9.9', 8])],
      [entry('two'), packed(['8.8.8.8', 1])],
    ];
    await invoke();

    expect(await find('8.8.8.8')).toEqual({ lists: 4, total_lists: 9, sets: ['one', 'two'] });
    expect(await find('9.9.9.9')).toEqual({ lists: 8, total_lists: 9, sets: ['one'] });
  });

  it('says nothing about an address that no set names', async () => {
    const { held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8', 1])]];
    await invoke();

    expect(await find('1.1.1.1')).toBeUndefined();
  });

  it('is empty where nothing was imported, and asks for it once in half a minute', async () => {
    const { clock, held, invoke } = setUp();
    for (let n = 0; n < 5; n++) await invoke();
    expect((await invoke()).isEmpty).toBe(true);
    expect(held.lists).toBe(1);

    clock.advance(30_000);
    await invoke();
    expect(held.lists).toBe(2);
  });

  it('loads a version once, and a new one in place of the old', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8', 1])]];
    await invoke();
    clock.advance(30_000);
    await invoke();
    expect(held.loads).toBe(1);

    held.entries = [[entry('one', { version: 'b' }), packed(['1.1.1.1', 1])]];
    clock.advance(30_000);
    await invoke();
    expect(await find('8.8.8.8')).toBeUndefined();
    expect(await find('1.1.1.1')).toMatchObject({ lists: 1, total_lists: 1 });
  });

  it('stays with the old version while the new one is not whole', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8', 1])]];
    await invoke();
    held.entries = [[entry('one', { version: 'b' }), undefined]];
    clock.advance(30_000);
    await invoke();

    expect(await find('8.8.8.8')).toBeDefined();
    held.entries = [[entry('one', { version: 'b' }), packed(['1.1.1.1', 1])]];
    clock.advance(10_000);
    await invoke();
    expect(await find('8.8.8.8')).toBeUndefined();
  });

  it('stays with what it has where the table cannot be read', async () => {
    const { clock, held, problems, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8', 1])]];
    await invoke();
    held.isDown = true;
    clock.advance(30_000);
    await invoke();

    expect(await find('8.8.8.8')).toBeDefined();
    expect(problems).toEqual(['down']);
  });

  it.each([
    ['uses the old sets once more where they are old', 30_000, true],
    ['waits for the new ones where they are too old', 60_000, false],
  ])('%s', async (_, ageMs, isOld) => {
    const { clock, held, invoke } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8', 1])]];
    await invoke();
    held.entries = [[entry('one', { version: 'b' }), packed(['1.1.1.1', 1])]];
    clock.advance(ageMs);
    const [used, next] = [await invoke(), await invoke()];

    expect(used.find('8.8.8.8', clock.now()) !== undefined).toBe(isOld);
    expect(next.find('1.1.1.1', clock.now())).toBeDefined();
  });

  it('leaves out a set that was removed, from the next reading on', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [
      [entry('one'), packed(['8.8.8.8', 1])],
      [entry('two'), packed(['8.8.8.8', 1])],
    ];
    await invoke();
    held.entries = held.entries.slice(1);
    clock.advance(30_000);
    await invoke();

    expect(await find('8.8.8.8')).toEqual({ lists: 1, total_lists: 1, sets: ['two'] });
  });

  it('takes a set that has become empty', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8', 1])]];
    await invoke();
    held.entries = [[entry('one', { version: 'b', addresses: 0, chunks: 0 }), []]];
    clock.advance(30_000);
    await invoke();

    expect(await find('8.8.8.8')).toBeUndefined();
  });

  it('leaves out a set from the moment that it expires', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8', 1])]];
    await invoke();
    clock.advance(3_600_000);

    expect(await find('8.8.8.8')).toBeUndefined();
  });
});
