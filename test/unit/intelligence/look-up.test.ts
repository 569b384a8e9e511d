import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TimeBudget } from '../../../lib/aws/time-budget.ts';
import type { Intelligence } from '../../../lib/intelligence/intelligence.ts';
import type { LookUpOutcome, Subject } from '../../../lib/intelligence/look-up.ts';
import type { LookUpRound } from '../../../lib/intelligence/look-up-round.ts';
import type { QuotaStore } from '../../../lib/intelligence/quota/quota-lease.ts';
import {
  keyRefusal,
  type ProviderCall,
  type ProviderReply,
  type SimulatedProviders,
  startSimulatedProviders,
} from '../../../lib/local/emulators/simulated-providers.ts';
import { storedList } from '../../factories/lists.ts';
import { type LookUpSetUp, lookUp, MemoryAnswers, memoryQuota, subject } from '../../factories/look-ups.ts';

let calls: ProviderCall[];
let reply: (call: ProviderCall) => ProviderReply | 'hang' | undefined;
let providers: SimulatedProviders;
const simulation = {
  latencyMs: 0,
  intercept: (call: ProviderCall) => {
    calls.push(call);
    return reply(call);
  },
};

beforeEach(async () => {
  calls = [];
  aheadMs = 0;
  reply = () => undefined;
  simulation.latencyMs = 0;
  providers = await startSimulatedProviders(simulation);
});

afterEach(() => providers.close());

function setUp(options: Partial<LookUpSetUp> = {}): Intelligence {
  return lookUp({ baseUrl: providers.baseUrl, now, ...options });
}

/** How far a test has advanced the clock. */
let aheadMs: number;
const now = () => Date.now() + aheadMs;

async function round(service: Intelligence, ...subjects: readonly Subject[]): Promise<LookUpRound> {
  const { lookUp: sources } = await service.open();
  if (sources === undefined) throw new Error('expected a source');
  const looked = sources.start();
  if (!looked.add(subjects)) await looked.find(new TimeBudget(now(), now() + 23_500, now));
  return looked;
}

/** Outcomes of one address by source. */
function outcomes(looked: LookUpRound, address: string): Record<string, string> {
  const lookups = Object.entries(looked.lookUpsOf(address) ?? {});
  return Object.fromEntries(lookups.map(([source, { outcome }]) => [source, outcome]));
}

const FOUND = { virustotal: 'found', abuseipdb: 'found' };
/** The simulation knows both. */
const [ONE, OTHER] = ['203.0.113.1', '203.0.113.4'] as const;

describe('look-ups: sources', () => {
  it('is closed where there is none', async () => {
    expect(await setUp({ keys: {} }).open()).toEqual({ lookUp: undefined, isOutdated: false });
  });

  it('asks the providers that have a key', async () => {
    const looked = await round(setUp({ keys: { abuseipdb: 'key' } }), subject(ONE));

    expect(outcomes(looked, ONE)).toEqual({ abuseipdb: 'found' });
    expect(calls.map(({ provider, key }) => [provider, key])).toEqual([['abuseipdb', 'key']]);
  });

  it('asks for the sources that are wanted only', async () => {
    const looked = await round(setUp(), subject(ONE, { sources: new Set(['virustotal']) }));

    expect(outcomes(looked, ONE)).toEqual({ virustotal: 'found' });
    expect(calls.map(({ provider }) => provider)).toEqual(['virustotal']);
  });

  it('gives intelligence with when and where it is from', async () => {
    const looked = await round(setUp(), subject(ONE));

    expect(looked.lookUpsOf(ONE)).toEqual({
      virustotal: {
        outcome: 'found',
        intel: {
          malicious_vendors: expect.any(Number),
          suspicious_vendors: expect.any(Number),
          total_vendors: 94,
        },
        answered_at: expect.any(Number),
        from: providers.baseUrl,
      },
      abuseipdb: {
        outcome: 'found',
        intel: expect.objectContaining({ confidence_score: expect.any(Number) }),
        answered_at: expect.any(Number),
        from: providers.baseUrl,
      },
    });
  });

  it('takes lists into account without asking anybody', async () => {
    const service = setUp({ keys: {}, listed: [ONE] });
    const looked = await round(service, subject(ONE), subject(OTHER));

    expect(looked.lookUpsOf(ONE)).toEqual({
      listings: { outcome: 'found', matches: [{ list: storedList('made-up'), lastListedDay: 20_000 }] },
    });
    expect(looked.lookUpsOf(OTHER)).toBeUndefined();
    expect(looked.figures()).toEqual({ providers: {}, listed: 1 });
  });
});

describe('look-ups: what is known already', () => {
  it('asks nobody again, in this execution and in others', async () => {
    const answers = new MemoryAnswers();
    const service = setUp({ answers });
    await round(service, subject(ONE));
    const reads = answers.reads.length;

    const again = await round(service, subject(ONE));
    const elsewhere = await round(setUp({ answers }), subject(ONE));

    expect(outcomes(again, ONE)).toEqual(FOUND);
    expect(outcomes(elsewhere, ONE)).toEqual(FOUND);
    expect(calls).toHaveLength(2);
    expect(answers.reads).toHaveLength(reads + 1);
    expect(elsewhere.figures().providers.virustotal).toMatchObject({ calls: 0, cacheHits: 1 });
  });

  it('keeps that an address is not known, for a shorter time', async () => {
    const unknown = {
      virustotal: { error: { code: 'NotFoundError', message: 'no' } },
      abuseipdb: { errors: [{ detail: 'no', status: 404 }] },
    };
    reply = ({ provider }) => ({ status: 404, body: JSON.stringify(unknown[provider]) });
    const answers = new MemoryAnswers();
    const service = setUp({ answers });
    await round(service, subject(ONE));
    aheadMs += 599_000;
    const soon = await round(service, subject(ONE));
    const callsSoon = calls.length;
    aheadMs += 2_000;
    await round(setUp({ answers }), subject(ONE));

    expect(outcomes(soon, ONE)).toEqual({ virustotal: 'unknown', abuseipdb: 'unknown' });
    expect(callsSoon).toBe(2);
    expect(calls).toHaveLength(4);
  });

  it.each([429, 500, 401])('keeps nothing of a %i', async (status) => {
    reply = () => ({ status, body: '{}' });
    const answers = new MemoryAnswers();
    await round(setUp({ answers }), subject(ONE));

    expect(answers.kept.size).toBe(0);
  });

  it('asks again when an answer has become too old', async () => {
    const service = setUp();
    await round(service, subject(ONE));
    aheadMs += 3_600_001;
    const later = await round(service, subject(ONE));

    expect(outcomes(later, ONE)).toEqual(FOUND);
    expect(calls).toHaveLength(4);
  });

  it('serves an old answer, marked so, where the provider fails', async () => {
    const service = setUp();
    const first = await round(service, subject(ONE));
    const answeredAt = first.lookUpsOf(ONE)?.virustotal?.answered_at;
    reply = () => ({ status: 503, body: '' });
    aheadMs += 3_600_001;
    const later = await round(service, subject(ONE));

    expect(later.lookUpsOf(ONE)?.virustotal).toMatchObject({
      outcome: 'stale',
      answered_at: answeredAt,
      intel: { total_vendors: 94 },
    });
  });

  it('does not serve an old answer where the quota is used up', async () => {
    const service = setUp();
    await round(service, subject(ONE));
    reply = () => ({ status: 429, headers: { 'retry-after': '600' }, body: '' });
    aheadMs += 3_600_001;
    const later = await round(service, subject(ONE));

    expect(outcomes(later, ONE)).toEqual({ virustotal: 'no_quota', abuseipdb: 'no_quota' });
  });
});

describe('look-ups: quota', () => {
  it('goes to addresses without evidence first, then to those with most connections', async () => {
    const service = setUp({ keys: { virustotal: 'key' }, callsPerMinute: 2 });
    const looked = await round(
      service,
      subject('203.0.113.10', { connections: 50, hasEvidence: true }),
      subject('203.0.113.11', { connections: 1 }),
      subject('203.0.113.12', { connections: 9 }),
      subject('203.0.113.13', { connections: 5 }),
    );

    expect(calls.map(({ address }) => address).sort()).toEqual(['203.0.113.12', '203.0.113.13']);
    expect(outcomes(looked, '203.0.113.10')).toEqual({ virustotal: 'no_quota' });
    expect(outcomes(looked, '203.0.113.11')).toEqual({ virustotal: 'no_quota' });
    expect(looked.figures().providers.virustotal).toMatchObject({ calls: 2, outcomes: { no_quota: 2 } });
  });

  it('goes to addresses that only knock last of those of which nothing is known', async () => {
    await round(
      setUp({ keys: { virustotal: 'key' }, callsPerMinute: 2 }),
      subject('203.0.113.10', { connections: 90, isKnocking: true }),
      subject('203.0.113.11', { connections: 50, hasEvidence: true }),
      subject('203.0.113.12', { connections: 1 }),
    );

    expect(calls.map(({ address }) => address)).toEqual(['203.0.113.12', '203.0.113.10']);
  });

  it('is left alone by all executions for as long as the provider says', async () => {
    reply = () => ({ status: 429, headers: { 'retry-after': '60' }, body: '' });
    const quota = memoryQuota();
    await round(setUp({ quota }), subject(ONE));
    const other = await round(setUp({ quota }), subject(OTHER));

    expect(calls).toHaveLength(2);
    expect(outcomes(other, OTHER)).toEqual({ virustotal: 'no_quota', abuseipdb: 'no_quota' });
  });

  it('passes a call on where another execution asks about an address already', async () => {
    const answers = new MemoryAnswers();
    await answers.claim('virustotal', ONE, Date.now(), Date.now() + 60_000);
    const service = setUp({ answers, keys: { virustotal: 'key' }, callsPerMinute: 1 });
    const looked = await round(service, subject(ONE, { connections: 2 }), subject(OTHER));

    expect(calls.map(({ address }) => address)).toEqual([OTHER]);
    expect(outcomes(looked, ONE)).toEqual({ virustotal: 'late' });
    expect(outcomes(looked, OTHER).virustotal).not.toBe('no_quota');
  });
});

describe('look-ups: providers in trouble', () => {
  it('stops asking with a key that was refused, in all executions', async () => {
    reply = ({ provider }) => keyRefusal(provider);
    const quota = memoryQuota();
    const first = await round(setUp({ quota }), subject(ONE));
    const other = await round(setUp({ quota }), subject(OTHER));

    expect(outcomes(first, ONE)).toEqual({ virustotal: 'bad_key', abuseipdb: 'bad_key' });
    expect(outcomes(other, OTHER)).toEqual({ virustotal: 'bad_key', abuseipdb: 'bad_key' });
    expect(calls).toHaveLength(2);
    expect(other.figures().providers.virustotal?.isKeyRefused).toBe(true);
  });

  it('takes a page in place of the provider for an outage, and goes on once it is gone', async () => {
    const headers = { 'content-type': 'text/html; charset=UTF-8' };
    reply = () => ({ status: 403, headers, body: '<!DOCTYPE html><title>Just a moment...</title>' });
    const service = setUp({ keys: { virustotal: 'key' } });
    const during = await round(service, subject(ONE));
    reply = () => undefined;
    const after = await round(service, subject(OTHER));

    expect(outcomes(during, ONE)).toEqual({ virustotal: 'failed' });
    expect(during.figures().providers.virustotal?.isKeyRefused).toBe(false);
    expect(outcomes(after, OTHER)).toEqual({ virustotal: 'found' });
  });

  it('holds calls back after five failures', async () => {
    reply = () => ({ status: 500, body: '' });
    const service = setUp({ keys: { virustotal: 'key' } });
    for (let n = 0; n < 5; n++) await round(service, subject(`203.0.113.${n}`));
    const looked = await round(service, subject('203.0.113.99'));

    expect(calls).toHaveLength(5);
    expect(outcomes(looked, '203.0.113.99')).toEqual({ virustotal: 'circuit_open' });
    expect(looked.figures().providers.virustotal).toMatchObject({ isCircuitOpen: true });
  });

  it.each<[string, ProviderReply, LookUpOutcome]>([
    ['wants quiet', { status: 429, headers: { 'retry-after': '600' }, body: '' }, 'no_quota'],
    ['refuses the key', keyRefusal('virustotal'), 'bad_key'],
    ['keeps failing', { status: 500, body: '' }, 'circuit_open'],
  ])('makes none of the calls that it has left once a provider %s', async (_, answer, outcome) => {
    reply = () => answer;
    const service = setUp({ keys: { virustotal: 'key' }, callsPerMinute: 1_000 });
    const subjects = Array.from({ length: 64 }, (_unused, n) => subject(`203.0.113.${n}`));
    const looked = await round(service, ...subjects);

    // Those in progress at the same time.
    expect(calls.length).toBeLessThan(40);
    expect(looked.figures().providers.virustotal?.outcomes[outcome]).toBeGreaterThan(20);
  });

  it('remembers nothing that it could not read', async () => {
    const answers = new MemoryAnswers();
    const service = setUp({ answers, keys: { virustotal: 'key' } });
    answers.isDown = true;
    await round(service, subject(ONE));
    answers.isDown = false;
    await round(service, subject(ONE));

    expect(answers.reads).toEqual([[ONE], [ONE]]);
  });

  it('asks nobody where the table does not answer: two executions might ask the same', async () => {
    const answers = new MemoryAnswers();
    answers.isDown = true;
    const looked = await round(setUp({ answers }), subject(ONE));

    expect(outcomes(looked, ONE)).toEqual({ virustotal: 'late', abuseipdb: 'late' });
    expect(calls).toEqual([]);
  });
});

describe('look-ups: late answers', () => {
  beforeEach(() => {
    simulation.latencyMs = 100;
  });

  it('does not wait longer for a provider than verdicts can, and gives its answer later', async () => {
    const service = setUp({ waitMs: 0, keys: { virustotal: 'key' } });
    const looked = await round(service, subject(ONE));
    const before = outcomes(looked, ONE);
    const changed = await looked.complete();

    expect(before).toEqual({ virustotal: 'late' });
    expect([...changed]).toEqual([ONE]);
    expect(outcomes(looked, ONE)).toEqual({ virustotal: 'found' });
  });

  it('names only addresses of which there is more to say', async () => {
    const answers = new MemoryAnswers();
    await answers.claim('virustotal', OTHER, Date.now(), Date.now() + 60_000);
    const looked = await round(
      setUp({ answers, waitMs: 0, keys: { virustotal: 'key' } }),
      subject(ONE),
      subject(OTHER),
    );
    for (const address of [ONE, OTHER]) looked.lookUpsOf(address);

    expect([...(await looked.complete())]).toEqual([ONE]);
  });

  it('names no address about which nobody was asked', async () => {
    const quota = memoryQuota();
    await round(setUp({ quota, keys: { virustotal: 'key' }, callsPerMinute: 1 }), subject(ONE));
    const slow: QuotaStore = { ...quota, read: async (name) => await sleep(20).then(() => quota.read(name)) };
    const service = setUp({ quota: slow, waitMs: 0, keys: { virustotal: 'key' }, callsPerMinute: 1 });
    const looked = await round(service, subject(OTHER));
    const before = outcomes(looked, OTHER);

    expect([...(await looked.complete())]).toEqual([]);
    expect([before, outcomes(looked, OTHER)]).toEqual([{ virustotal: 'late' }, { virustotal: 'no_quota' }]);
  });

  it('gives up on a provider that says nothing', async () => {
    reply = () => 'hang';
    const service = setUp({ waitMs: 0, callTimeoutMs: 100, keys: { virustotal: 'key' } });
    const looked = await round(service, subject(ONE));
    looked.lookUpsOf(ONE);

    expect([...(await looked.complete())]).toEqual([ONE]);
    expect(outcomes(looked, ONE)).toEqual({ virustotal: 'failed' });
  });
});

describe('look-ups: the end of an invocation', () => {
  it('waits for answers whose verdicts did not', async () => {
    simulation.latencyMs = 100;
    const answers = new MemoryAnswers();
    const service = setUp({ answers, waitMs: 0, keys: { virustotal: 'key' } });
    await round(service, subject(ONE));
    const before = answers.kept.size;
    await service.settle(now() + 10_000);

    expect([before, answers.kept.size]).toEqual([0, 1]);
  });

  it('comes although a provider says nothing', async () => {
    reply = () => 'hang';
    const service = setUp({ waitMs: 0, callTimeoutMs: 5_000, keys: { virustotal: 'key' } });
    await round(service, subject(ONE));
    const startMs = Date.now();
    await service.settle(now() + 50);

    expect(Date.now() - startMs).toBeLessThan(4_000);
  });

  it.each<[string, Partial<LookUpSetUp>, boolean]>([
    ['keys', { areKeysDown: true }, true],
    ['lists', { areListsDown: true }, true],
    ['a part of a list', { listed: [ONE], isListIncomplete: true }, true],
    ['nothing', { listed: [ONE] }, false],
  ])('is outdated where this cannot be read: %s', async (_, options, expected) => {
    expect(await setUp(options).open()).toMatchObject({ isOutdated: expected });
  });
});
