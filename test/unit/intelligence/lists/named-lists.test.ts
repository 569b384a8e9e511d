import { describe, expect, it } from 'vitest';
import { NamedLists, refreshedLists } from '../../../../lib/intelligence/lists/named-lists.ts';
import type { PackedRanges } from '../../../../lib/intelligence/lists/packed-ranges.ts';
import type { ListStore, StoredList } from '../../../../lib/intelligence/lists/stored-list.ts';
import { fakeClock } from '../../../factories/clock.ts';
import { packedAddresses as packed, storedList } from '../../../factories/lists.ts';

const NOW_MS = 1_700_000_000_000;

function entry(source: string, overrides: Partial<StoredList> = {}): StoredList {
  return storedList(source, { expiresAtMs: NOW_MS + 3_600_000, ...overrides });
}

function setUp() {
  const clock = fakeClock(NOW_MS);
  const held = {
    entries: [] as [StoredList, PackedRanges[] | undefined][],
    lists: 0,
    loads: 0,
    isDown: false,
  };
  const store: ListStore = {
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
  const lists = refreshedLists(store, {
    maxAgeMs: 30_000,
    now: clock.now,
    random: () => 0,
    onProblem: (problem) => problems.push(problem),
  });
  /** An invocation; returns the lists that it uses. */
  const invoke = async () => {
    const { value } = await lists.current();
    await lists.settle(clock.now() + 1_000);
    return value;
  };
  const find = async (wanted: string) => (await lists.current()).value.find(wanted, clock.now());
  return { clock, held, problems, invoke, find };
}

/** Names of the lists in matches. */
const named = (matches: readonly { readonly list: StoredList | { readonly source: string } }[]) =>
  matches.map(({ list }) => list.source);

describe('NamedLists', () => {
  it('gives every list that names an address, each with the day', async () => {
    const { held, invoke, find } = setUp();
    held.entries = [
      [entry('one'), packed(['8.8.8.8', '9.9.9.9'], 19_000)],
      [entry('two'), packed(['8.8.8.8'], 19_001)],
    ];
    await invoke();

    expect(await find('8.8.8.8')).toEqual([
      { list: entry('one'), lastListedDay: 19_000 },
      { list: entry('two'), lastListedDay: 19_001 },
    ]);
    expect(named(await find('9.9.9.9'))).toEqual(['one']);
  });

  it('says nothing about an address that no list names', async () => {
    const { held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8'])]];
    await invoke();

    expect(await find('1.1.1.1')).toEqual([]);
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
    held.entries = [[entry('one'), packed(['8.8.8.8'])]];
    await invoke();
    clock.advance(30_000);
    await invoke();
    expect(held.loads).toBe(1);

    held.entries = [[entry('one', { version: 'b' }), packed(['1.1.1.1'])]];
    clock.advance(30_000);
    await invoke();
    expect(await find('8.8.8.8')).toEqual([]);
    expect(named(await find('1.1.1.1'))).toEqual(['one']);
  });

  it('stays with the old version while the new one is not whole', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8'])]];
    await invoke();
    held.entries = [[entry('one', { version: 'b' }), undefined]];
    clock.advance(30_000);
    await invoke();

    expect(named(await find('8.8.8.8'))).toEqual(['one']);
    held.entries = [[entry('one', { version: 'b' }), packed(['1.1.1.1'])]];
    clock.advance(10_000);
    await invoke();
    expect(await find('8.8.8.8')).toEqual([]);
  });

  it('stays with the old version where the new one is damaged, and says that it is not whole', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8'])]];
    await invoke();
    held.entries = [[entry('one', { version: 'b' }), [{ family: 4, count: 1, bytes: Buffer.from('no') }]]];
    clock.advance(30_000);
    await invoke();

    expect(named(await find('8.8.8.8'))).toEqual(['one']);
    expect((await invoke()).isIncomplete).toBe(true);
  });

  it('stays with what it has where the table cannot be read', async () => {
    const { clock, held, problems, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8'])]];
    await invoke();
    held.isDown = true;
    clock.advance(30_000);
    await invoke();

    expect(named(await find('8.8.8.8'))).toEqual(['one']);
    expect(problems).toEqual(['down']);
  });

  it.each([
    ['uses the old lists once more where they are old', 30_000, true],
    ['waits for the new ones where they are too old', 60_000, false],
  ])('%s', async (_, ageMs, isOld) => {
    const { clock, held, invoke } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8'])]];
    await invoke();
    held.entries = [[entry('one', { version: 'b' }), packed(['1.1.1.1'])]];
    clock.advance(ageMs);
    const [used, next] = [await invoke(), await invoke()];

    expect(used.find('8.8.8.8', clock.now()).length > 0).toBe(isOld);
    expect(named(next.find('1.1.1.1', clock.now()))).toEqual(['one']);
  });

  it('leaves out a list that was removed, from the next reading on', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [
      [entry('one'), packed(['8.8.8.8'])],
      [entry('two'), packed(['8.8.8.8'])],
    ];
    await invoke();
    held.entries = held.entries.slice(1);
    clock.advance(30_000);
    await invoke();

    expect(await find('8.8.8.8')).toHaveLength(1);
  });

  it('takes a list that has become empty', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8'])]];
    await invoke();
    held.entries = [[entry('one', { version: 'b', addresses: 0, chunks: 0 }), []]];
    clock.advance(30_000);
    await invoke();

    expect(await find('8.8.8.8')).toEqual([]);
  });

  it('leaves out the largest lists where there is no room for all, and says so', async () => {
    const stored: [StoredList, PackedRanges[]][] = [
      [entry('large', { ranges: 3 }), packed(['8.8.8.8', '9.9.9.9', '23.0.0.1'])],
      [entry('small', { ranges: 1 }), packed(['8.8.8.8'])],
      [entry('middling', { ranges: 2 }), packed(['8.8.8.8', '9.9.9.9'])],
    ];
    const store: ListStore = {
      list: async () => stored.map(([list]) => list),
      load: async (wanted) => stored.find(([list]) => list === wanted)?.[1],
    };

    // An IPv4 range takes ten bytes.
    const lists = await NamedLists.NONE.update(store, NOW_MS, 59);
    const all = await NamedLists.NONE.update(store, NOW_MS, 60);

    expect(named(lists.find('8.8.8.8', NOW_MS))).toEqual(['small', 'middling']);
    expect(lists.isIncomplete).toBe(true);
    expect(named(all.find('8.8.8.8', NOW_MS))).toEqual(['small', 'middling', 'large']);
    expect(all.isIncomplete).toBe(false);
  });

  it('leaves out a list from the moment that it expires', async () => {
    const { clock, held, invoke, find } = setUp();
    held.entries = [[entry('one'), packed(['8.8.8.8'])]];
    await invoke();
    clock.advance(3_600_000);

    expect(await find('8.8.8.8')).toEqual([]);
  });
});
