import { describe, expect, it } from 'vitest';
import type { QuotaState, QuotaWindow } from '../../../lib/intelligence/quota/quota.ts';
import { QuotaLease, type QuotaStore } from '../../../lib/intelligence/quota/quota-lease.ts';
import { fakeClock } from '../../factories/clock.ts';

const BUDGET: readonly QuotaWindow[] = [{ calls: 8, milliseconds: 60_000 }];
const KEY_VERSION = 3;

/** A store in memory; `rivals` executions win the next races. */
function memoryStore() {
  const memory = { state: { counts: [] } as QuotaState, revision: 0, reads: 0, writes: 0, rivals: 0 };
  const store: QuotaStore = {
    read: async () => {
      memory.reads++;
      return { state: memory.state, revision: memory.revision };
    },
    replace: async (_, state, revision) => {
      if (memory.rivals > 0) {
        memory.rivals--;
        memory.revision++;
      }
      if (revision !== memory.revision) return false;
      Object.assign(memory, { state, revision: revision + 1, writes: memory.writes + 1 });
      return true;
    },
  };
  return { memory, store };
}

function setUp() {
  const clock = fakeClock(1_700_000_000_000);
  const { memory, store } = memoryStore();
  const lease = () =>
    new QuotaLease({
      provider: 'virustotal',
      store,
      budget: BUDGET,
      callTimeoutMs: 500,
      now: clock.now,
      wait: async () => {},
    });
  return { clock, memory, lease };
}

describe('QuotaLease', () => {
  it('takes half of the quota at a time, with one write', async () => {
    const { memory, lease } = setUp();
    const one = lease();

    expect(await one.take(20, KEY_VERSION)).toBe(4);
    expect(await one.take(20, KEY_VERSION)).toBe(4);
    expect(await one.take(20, KEY_VERSION)).toBe('no_quota');
    expect(memory.writes).toBe(2);
  });

  it('gives out no call that comes back while the provider wants quiet', async () => {
    const { clock, lease } = setUp();
    const one = lease();
    await one.take(4, KEY_VERSION);
    await one.block(clock.now() + 1_000);
    one.giveBack();

    expect(one.revocation(KEY_VERSION)).toBe('no_quota');
    expect(await one.take(1, KEY_VERSION)).toBe('no_quota');
    clock.advance(1_000);
    expect(one.revocation(KEY_VERSION)).toBeUndefined();
    expect(await one.take(1, KEY_VERSION)).toBe(1);
  });

  it('serves small wishes from one lease only as far as was wanted', async () => {
    const { memory, lease } = setUp();
    const one = lease();

    expect(await one.take(1, KEY_VERSION)).toBe(1);
    expect(memory.writes).toBe(1);
  });

  it('does not ask the store again before there can be calls', async () => {
    const { clock, memory, lease } = setUp();
    const one = lease();
    await one.take(4, KEY_VERSION);
    await one.take(4, KEY_VERSION);
    await one.take(1, KEY_VERSION);
    const { reads } = memory;

    for (let n = 0; n < 50; n++) await one.take(1, KEY_VERSION);
    const readsWhileSpent = memory.reads;
    clock.advance(70_000);

    expect(readsWhileSpent).toBe(reads);
    expect(await one.take(1, KEY_VERSION)).toBe(1);
  });

  it('shares the quota with other executions', async () => {
    const { lease } = setUp();
    const all = await Promise.all(Array.from({ length: 5 }, () => lease().take(4, KEY_VERSION)));

    expect(all.filter((taken) => taken === 4)).toHaveLength(2);
    expect(all.filter((taken) => taken === 'no_quota')).toHaveLength(3);
  });

  it('lets calls lapse that were not made, and counts those given back', async () => {
    const { clock, memory, lease } = setUp();
    const one = lease();
    await one.take(2, KEY_VERSION);
    one.giveBack();
    one.giveBack();

    expect(await one.take(1, KEY_VERSION)).toBe(1);
    expect(memory.writes).toBe(1);
    clock.advance(2_001);
    await one.take(1, KEY_VERSION);
    expect(memory.writes).toBe(2);
  });

  it('tries again where another execution was faster', async () => {
    const { memory, lease } = setUp();
    memory.rivals = 3;

    expect(await lease().take(2, KEY_VERSION)).toBe(2);
  });

  it('grants nothing where others are faster all the time', async () => {
    const { memory, lease } = setUp();
    memory.rivals = 1_000;

    expect(await lease().take(2, KEY_VERSION)).toBe('no_quota');
    expect(memory.writes).toBe(0);
  });

  it('keeps all executions quiet for as long as the provider asked', async () => {
    const { clock, lease } = setUp();
    const one = lease();
    await one.block(clock.now() + 90_000);

    const other = lease();
    expect(await one.take(1, KEY_VERSION)).toBe('no_quota');
    expect(await other.take(1, KEY_VERSION)).toBe('no_quota');
    clock.advance(90_001);
    expect(await other.take(1, KEY_VERSION)).toBe(1);
  });

  it('does not shorten a longer silence', async () => {
    const { clock, memory, lease } = setUp();
    await lease().block(clock.now() + 90_000);
    await lease().block(clock.now() + 10_000);

    expect(memory.state.blockedUntilMs).toBe(clock.now() + 90_000);
  });

  it('stops all executions that use a key which was refused, until it is another one', async () => {
    const { lease } = setUp();
    const one = lease();
    const other = lease();
    await one.refuseKey(KEY_VERSION);

    expect(await one.take(1, KEY_VERSION)).toBe('bad_key');
    expect(await other.take(1, KEY_VERSION)).toBe('bad_key');
    expect(other.isRefused(KEY_VERSION)).toBe(true);
    expect(await other.take(1, KEY_VERSION + 1)).toBe(1);
  });

  it('passes on what the store throws, and works again afterwards', async () => {
    const { memory, lease } = setUp();
    const failing = new QuotaLease({
      provider: 'virustotal',
      budget: BUDGET,
      callTimeoutMs: 500,
      store: {
        read: async () => {
          if (memory.reads++ === 0) throw new Error('throttled');
          return { state: { counts: [] }, revision: 0 };
        },
        replace: async () => true,
      },
    });

    await expect(failing.take(1, KEY_VERSION)).rejects.toThrow('throttled');
    expect(await failing.take(1, KEY_VERSION)).toBe(1);
    expect(await lease().take(1, KEY_VERSION)).toBe(1);
  });
});
