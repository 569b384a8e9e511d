import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Announcement } from '../../../lib/announcement/announcement.ts';
import { writeAnnouncement } from '../../../lib/announcement/announcement.ts';
import { DEFAULT_ANNOUNCEMENT_SETTINGS } from '../../../lib/announcement/announcement-settings.ts';
import { HOUR_MS, HourAccounts, hourOf } from '../../../lib/announcement/hour-account.ts';
import { type SendOptions, sendAnnouncements } from '../../../lib/announcement/send-announcements.ts';
import type { BusEntry } from '../../../lib/aws/put-events.ts';
import { ServiceError } from '../../../lib/aws/service-error.ts';
import { getAnnounced, replaceAnnounced } from '../../../lib/store/announced.ts';
import { replaceFinding } from '../../../lib/store/findings.ts';
import { dayOf } from '../../../lib/store/keys.ts';
import { readOutbox } from '../../../lib/store/outbox.ts';
import { findingAnnouncement } from '../../factories/announcements.ts';
import { collect } from '../../factories/iterables.ts';
import { type EmbeddedTable, startTable } from '../../fixtures/embedded-table.ts';

/** In an hour whose predecessors are closed, unless a test changes that. */
const NOW_MS = hourOf(Date.now()) + 30 * 60_000;
const PATIENCE = { deadlineMs: Date.now() + 3_600_000 };

/** Tests share an hour. */
const WITHOUT_LIMIT = { ...DEFAULT_ANNOUNCEMENT_SETTINGS, mostPerHour: 10_000 };

let embedded: EmbeddedTable;
/** Uids of the events on the bus, in order of arrival. */
let bus: string[];

beforeAll(async () => {
  embedded = await startTable();
});

afterAll(() => embedded.stop());

beforeEach(async () => {
  bus = [];
  const { table } = embedded;
  // Left by an earlier test.
  await sendAnnouncements(options({ now: () => NOW_MS }));
  expect(await collect(readOutbox(table))).toEqual([]);
  bus = [];
});

const uidOf = ({ detail }: BusEntry): string => JSON.parse(detail).metadata.uid;

const take: SendOptions['put'] = async (entries) => {
  bus.push(...entries.map(uidOf));
  return [];
};

function options(changes: Partial<SendOptions> = {}): SendOptions {
  return {
    table: embedded.table,
    put: take,
    bus: 'findings',
    environment: 'test',
    settings: WITHOUT_LIMIT,
    openFromMs: hourOf(NOW_MS),
    patience: PATIENCE,
    now: () => NOW_MS,
    ...changes,
  };
}

let addresses = 0;

/** Creates waiting announcements, each about a different address unless given together. */
async function decide(...announcements: Partial<Announcement>[]): Promise<string[]> {
  const address = `198.51.100.${++addresses % 250}-${addresses}`;
  const pending = announcements.map((changes, n) => {
    const announcement = findingAnnouncement({
      address,
      uid: `${address}/${n}`,
      decidedAtMs: NOW_MS - 1_000,
      ...(changes as object),
    });
    return {
      uid: announcement.uid,
      decidedAtMs: announcement.decidedAtMs,
      text: writeAnnouncement(announcement),
    };
  });
  const announced = {
    subject: address,
    decided: '{}',
    pending,
    expiresAt: Math.ceil(NOW_MS / 1000) + 86_400,
  };
  await replaceAnnounced(embedded.table, { ...announced, revision: 0 }, PATIENCE);
  return pending.map(({ uid }) => `test/${uid}`);
}

const waiting = async () =>
  (await collect(readOutbox(embedded.table))).flatMap(({ pending }) =>
    pending.map(({ uid }) => `test/${uid}`),
  );

const refused = (entries: readonly BusEntry[]) =>
  entries.map((element) => ({ element, error: new ServiceError('refused', 'no') }));

describe('sending announcements', () => {
  it('puts all that waits on the bus, the oldest first, and nothing twice', async () => {
    const newer = await decide({}, {});
    const older = await decide({ decidedAtMs: NOW_MS - 5_000 });

    const outcome = await sendAnnouncements(options());
    const again = await sendAnnouncements(options());

    expect(bus).toEqual([...older, ...newer]);
    expect(outcome).toMatchObject({ sent: 3, heldBack: 0, unreadable: 0, oldestMs: 0 });
    expect(again).toMatchObject({ sent: 0, oldestMs: 0 });
    expect(await waiting()).toEqual([]);
  });

  it('drops that an address was cleared where that is not to be announced', async () => {
    const settings = { ...WITHOUT_LIMIT, kinds: ['new-malicious' as const] };
    const [malicious] = await decide({}, { kind: 'cleared' });

    expect(await sendAnnouncements(options({ settings }))).toMatchObject({ sent: 1, heldBack: 0 });

    expect(bus).toEqual([malicious]);
    expect(await waiting()).toEqual([]);
  });

  it('sends in tens', async () => {
    const sizes: number[] = [];
    for (let n = 0; n < 25; n++) await decide({});
    await sendAnnouncements(
      options({
        put: async (entries, patience) => {
          sizes.push(entries.length);
          return await take(entries, patience);
        },
      }),
    );

    expect(sizes).toEqual([10, 10, 5]);
    expect(new Set(bus).size).toBe(25);
  });

  it('keeps what fails, counts how long it waits, and holds up no other', async () => {
    const [bad = ''] = await decide({ decidedAtMs: NOW_MS - 60_000 });
    const good = await decide({});
    const put: SendOptions['put'] = async (entries, patience) => {
      await take(
        entries.filter((entry) => uidOf(entry) !== bad),
        patience,
      );
      return refused(entries.filter((entry) => uidOf(entry) === bad));
    };

    const outcome = await sendAnnouncements(options({ put }));

    expect(bus).toEqual(good);
    expect(outcome.failed).toEqual(new Map([['no', 1]]));
    expect(outcome.oldestMs).toBe(60_000);
    expect(await waiting()).toEqual([bad]);

    await sendAnnouncements(options());
    expect(bus).toEqual([...good, bad]);
  });

  it('leaves what another version wrote alone', async () => {
    const subject = '192.0.2.77';
    const pending = [{ uid: 'x', decidedAtMs: NOW_MS, text: '{"kind":"other","uid":"x"}' }];
    const announced = {
      subject,
      decided: '{}',
      pending,
      expiresAt: Math.ceil(NOW_MS / 1000) + 86_400,
      revision: 0,
    };
    await replaceAnnounced(embedded.table, announced, PATIENCE);

    expect(await sendAnnouncements(options())).toMatchObject({ sent: 0, unreadable: 1 });
    expect(await waiting()).toEqual(['test/x']);
    const [read] = (await getAnnounced(embedded.table, [subject])).values();
    if (read !== undefined) await replaceAnnounced(embedded.table, { ...read, pending: [] }, PATIENCE);
  });

  it('lets two senders at once lose nothing', async () => {
    const all: string[] = [];
    for (let n = 0; n < 30; n++) all.push(...(await decide({})));

    await Promise.all([sendAnnouncements(options()), sendAnnouncements(options())]);

    expect(new Set(bus)).toEqual(new Set(all));
    expect(await waiting()).toEqual([]);
  });
});

describe('a sender that dies', () => {
  /** The process dies after this many calls to table and bus, before or after the call takes effect. */
  it.each(['before', 'after'] as const)('%s any of its calls, leaves nothing unsent', async (when) => {
    for (let calls = 0; ; calls++) {
      const expected = [...(await decide({}, {})), ...(await decide({}))];
      bus = [];
      const died = await dieAt(calls, when);
      await sendAnnouncements(options());

      expect(new Set(bus), `${when} call ${calls}`).toEqual(new Set(expected));
      expect(await waiting()).toEqual([]);
      if (!died) break;
      expect(calls).toBeLessThan(100);
    }
  });

  async function dieAt(calls: number, when: 'before' | 'after'): Promise<boolean> {
    let left = calls;
    const mortal = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const isLast = left-- === 0;
      if (left < -1) return await new Promise<never>(() => {});
      if (isLast && when === 'before') throw new Death();
      const result = await work();
      if (isLast) throw new Death();
      return result;
    };
    const { client } = embedded.table;
    const sendToTable = client.send.bind(client) as (...call: readonly unknown[]) => Promise<unknown>;
    const send = (...call: readonly unknown[]) => mortal(() => sendToTable(...call));
    const mortalClient = Object.assign(Object.create(client), { send }) as typeof client;
    const table = { ...embedded.table, client: mortalClient };
    const put: SendOptions['put'] = (entries, patience) => mortal(() => take(entries, patience));
    try {
      await sendAnnouncements(options({ table, put }));
      return false;
    } catch {
      return true;
    }
  }
});

class Death extends Error {
  override readonly name = 'Death';
}

describe('the hourly limit', () => {
  const settings = { ...DEFAULT_ANNOUNCEMENT_SETTINGS, mostPerHour: 2 };

  it('counts by the hour of the decision, and leaves the rest to the digest', async () => {
    // A separate hour, long closed for the other tests.
    const hourMs = hourOf(NOW_MS) - 30 * HOUR_MS;
    for (let n = 0; n < 5; n++) await decide({ decidedAtMs: hourMs + n });
    const other = await decide({ decidedAtMs: hourMs - HOUR_MS });

    const outcome = await sendAnnouncements(options({ settings }));

    expect(outcome).toMatchObject({ sent: 3, heldBack: 3 });
    expect(bus).toContain(other[0]);
    expect(await waiting()).toEqual([]);
    const account = (await new HourAccounts(embedded.table).read([hourMs])).get(hourMs);
    expect(account).toEqual({ sent: 2, heldBack: 3, isClosed: false });
  });

  it('is not used up by what could not be sent', async () => {
    const hourMs = hourOf(NOW_MS) - 33 * HOUR_MS;
    const uids = [...(await decide({ decidedAtMs: hourMs })), ...(await decide({ decidedAtMs: hourMs }))];
    for (let n = 0; n < 4; n++) {
      await sendAnnouncements(options({ settings, put: async (entries) => refused(entries) }));
    }
    await sendAnnouncements(options({ settings }));

    expect(new Set(bus)).toEqual(new Set(uids));
  });
});

describe('the digest', () => {
  const hourMs = hourOf(NOW_MS) - HOUR_MS;

  it('sums up knocks and what was held back, is decided once, and is sent again with the same content', async () => {
    await knock('203.0.113.1', { score: 0.8, pattern: 'scan' });
    await knock('203.0.113.2', { score: 0.84, pattern: 'sweep' });
    await knock('203.0.113.3', { score: 0.82, answered: 3 });
    await knock('203.0.113.4', { score: 0.82, direction: 'outbound' });
    await new HourAccounts(embedded.table).reserve(hourMs, 7, 4, PATIENCE);

    const lost: BusEntry[] = [];
    const lose: SendOptions['put'] = async (entries) => {
      lost.push(...entries);
      return refused(entries);
    };
    const sent: BusEntry[] = [];
    const keep: SendOptions['put'] = async (entries) => {
      sent.push(...entries);
      return [];
    };
    await sendAnnouncements(options({ openFromMs: hourMs, put: lose }));
    await knock('203.0.113.9', { score: 0.84 });
    const { openFromMs } = await sendAnnouncements(options({ openFromMs: hourMs, put: keep }));
    await sendAnnouncements(options({ openFromMs: hourMs, put: keep }));

    expect(openFromMs).toBe(hourOf(NOW_MS));
    expect(sent).toEqual(lost);
    expect(sent).toHaveLength(1);
    const { metadata, unmapped } = JSON.parse(sent[0]?.detail ?? '');
    expect(metadata.uid).toBe(`test/digest/${new Date(hourMs).toISOString().slice(0, 13)}`);
    expect(unmapped).toMatchObject({
      knocking: { scan: 1, sweep: 1 },
      worst: [{ address: '203.0.113.2' }, { address: '203.0.113.1' }],
      held_back: 3,
    });
  });

  it('is not made where there is nothing to say', async () => {
    const quietMs = hourOf(NOW_MS) - 3 * HOUR_MS;
    const nowMs = quietMs + HOUR_MS + 10 * 60_000;

    expect(await sendAnnouncements(options({ openFromMs: quietMs, now: () => nowMs }))).toMatchObject({
      sent: 0,
    });
    expect((await new HourAccounts(embedded.table).read([quietMs])).get(quietMs)?.isClosed).toBe(true);
  });

  it('is not made where nobody asked for it', async () => {
    const settings = { ...DEFAULT_ANNOUNCEMENT_SETTINGS, kinds: ['new-malicious' as const] };
    const agoMs = hourOf(NOW_MS) - 5 * HOUR_MS;

    await sendAnnouncements(options({ openFromMs: agoMs, settings, now: () => agoMs + 2 * HOUR_MS }));

    expect((await new HourAccounts(embedded.table).read([agoMs])).get(agoMs)?.isClosed).toBe(false);
  });

  async function knock(address: string, changes: object): Promise<void> {
    const finding = {
      address,
      day: dayOf(hourMs),
      direction: 'inbound' as const,
      ingestedAtMs: hourMs + 60_000,
      expiresAt: Math.ceil(NOW_MS / 1000) + 86_400,
      score: 0.8,
      reasons: ['malicious' as const],
      hasIntelligence: false,
      assessment: `${address}/ABCDEFGHIJKLMNOPQRSTUV/22/tcp/inbound`,
      firstSeenMs: hourMs,
      lastSeenMs: hourMs + 1_000,
      connections: 12,
      answered: 0,
      localHosts: ['10.0.0.1'],
      services: [{ port: 22, protocol: 'tcp' }],
      announced: [],
      revision: 0,
      ...changes,
    };
    await replaceFinding(embedded.table, finding, PATIENCE);
  }
});
