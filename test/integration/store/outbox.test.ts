import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Announced, getAnnounced, replaceAnnounced } from '../../../lib/store/announced.ts';
import type { Finding } from '../../../lib/store/finding.ts';
import { getFindings, readFindings, replaceFinding } from '../../../lib/store/findings.ts';
import { announcedKey, dayOf, findingKey, keyText } from '../../../lib/store/keys.ts';
import { oldestInOutbox, readOutbox, removeSent } from '../../../lib/store/outbox.ts';
import { collect } from '../../factories/iterables.ts';
import { type EmbeddedTable, startTable } from '../../fixtures/embedded-table.ts';

const NOW_MS = Date.now();
const EXPIRES_AT = Math.ceil(NOW_MS / 1000) + 86_400;
const PATIENCE = { deadlineMs: NOW_MS + 600_000 };
let embedded: EmbeddedTable;
let subjects = 0;
let subject: string;

beforeAll(async () => {
  embedded = await startTable();
});

afterAll(() => embedded.stop());

beforeEach(() => {
  subject = `198.51.100.${++subjects}`;
});

function announcement(uid: string, decidedAtMs = NOW_MS) {
  return { uid, decidedAtMs, text: JSON.stringify({ kind: 'worse', uid }) };
}

function announced(changes: Partial<Announced> = {}): Announced {
  const uid = `${subject}/worse`;
  return {
    subject,
    decided: '{}',
    pending: [announcement(uid)],
    expiresAt: EXPIRES_AT,
    revision: 0,
    ...changes,
  };
}

async function kept(): Promise<Announced | undefined> {
  return (await getAnnounced(embedded.table, [subject])).get(subject);
}

async function waiting(): Promise<string[]> {
  return (await collect(readOutbox(embedded.table))).map((each) => each.subject);
}

describe('what is announced about a subject', () => {
  it('is written once, whoever is first', async () => {
    const first = await replaceAnnounced(embedded.table, announced({ decided: '1' }), PATIENCE);
    const second = await replaceAnnounced(embedded.table, announced({ decided: '2' }), PATIENCE);

    expect([first, second]).toEqual([true, false]);
    expect(await kept()).toEqual(announced({ decided: '1', revision: 1 }));
  });

  it('is written again only by those who know its latest form', async () => {
    await replaceAnnounced(embedded.table, announced(), PATIENCE);

    const known = await replaceAnnounced(embedded.table, announced({ decided: '2', revision: 1 }), PATIENCE);
    const old = await replaceAnnounced(embedded.table, announced({ decided: '3', revision: 1 }), PATIENCE);

    expect([known, old, (await kept())?.decided]).toEqual([true, false, '2']);
  });

  it('waits in the outbox until it is sent, the oldest first', async () => {
    const [older, newer, silent] = ['203.0.113.1', '203.0.113.2', '203.0.113.3'];
    const write = (each: string, pending: Announced['pending']) =>
      replaceAnnounced(embedded.table, announced({ subject: each, pending }), PATIENCE);
    await write(newer, [announcement('new', NOW_MS - 1_000)]);
    await write(older, [announcement('late', NOW_MS), announcement('old', NOW_MS - 2_000)]);
    await write(silent, []);

    const inOutbox = await waiting();
    expect(inOutbox.filter((each) => [older, newer, silent].includes(each))).toEqual([older, newer]);
    expect(await oldestInOutbox(embedded.table)).toBe(NOW_MS - 2_000);

    for await (const each of readOutbox(embedded.table)) {
      await removeSent(embedded.table, each, new Set(each.pending.map(({ uid }) => uid)), PATIENCE);
    }
    expect(await waiting()).toEqual([]);
    expect(await oldestInOutbox(embedded.table)).toBeUndefined();
  });

  it('stays in the outbox where it was decided while older announcements were sent', async () => {
    await replaceAnnounced(embedded.table, announced({ pending: [announcement('a')] }), PATIENCE);
    const read = await kept();
    if (read === undefined) throw new TypeError('nothing is kept');
    const both = [announcement('a'), announcement('b')];
    await replaceAnnounced(embedded.table, { ...read, pending: both, decided: '2' }, PATIENCE);

    await removeSent(embedded.table, read, new Set(['a']), PATIENCE);

    expect(await kept()).toEqual(announced({ pending: [announcement('b')], decided: '2', revision: 3 }));
    expect(await waiting()).toContain(subject);
  });

  it('of another version of the code is not there', async () => {
    await replaceAnnounced(embedded.table, announced(), PATIENCE);
    const { client, tableName } = embedded.table;
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: announcedKey(subject),
        UpdateExpression: 'SET #schema = :other',
        ExpressionAttributeNames: { '#schema': 'schema' },
        ExpressionAttributeValues: { ':other': 1 },
      }),
    );

    expect(await kept()).toBeUndefined();
    expect(await waiting()).not.toContain(subject);
  });
});

describe('a finding', () => {
  const day = dayOf(NOW_MS);
  const finding = (changes: Partial<Finding> = {}): Finding => ({
    address: subject,
    day,
    direction: 'outbound',
    ingestedAtMs: NOW_MS,
    expiresAt: EXPIRES_AT,
    score: 0.75,
    reasons: ['malicious', 'uncertain'],
    pattern: 'beacon',
    hasIntelligence: true,
    assessment: `${subject}/ABCDEFGHIJKLMNOPQRSTUV/443/tcp/outbound`,
    firstSeenMs: NOW_MS - 5_000,
    lastSeenMs: NOW_MS - 1_000,
    connections: 12,
    answered: 11,
    localHosts: ['10.0.0.1', 'fd00::1'],
    services: [{ port: 443, protocol: 'tcp' }],
    announced: ['new-malicious'],
    revision: 0,
    ...changes,
  });

  it('is read back as it was written, by name and by time', async () => {
    const bare = finding({ direction: 'inbound', localHosts: [], services: [], announced: [], reasons: [] });
    for (const each of [finding(), bare]) await replaceFinding(embedded.table, each, PATIENCE);

    const found = await getFindings(embedded.table, [finding(), bare]);
    const range = { fromMs: NOW_MS - 60_000, toMs: NOW_MS, nowMs: NOW_MS };
    const listed = await collect(readFindings(embedded.table, range));

    const written = [finding({ revision: 1 }), { ...bare, revision: 1 }];
    expect(written.map((each) => found.get(keyText(findingKey(each))))).toEqual(written);
    expect(listed.filter(({ address }) => address === subject)).toEqual(expect.arrayContaining(written));
  });

  it('moves to the time at which it got worse', async () => {
    await replaceFinding(embedded.table, finding({ ingestedAtMs: NOW_MS - 1 }), PATIENCE);
    const worse = finding({ score: 0.9, revision: 1 });

    expect(await replaceFinding(embedded.table, worse, PATIENCE)).toBe(true);
    expect(await replaceFinding(embedded.table, worse, PATIENCE)).toBe(false);

    const range = { fromMs: NOW_MS, toMs: NOW_MS, nowMs: NOW_MS };
    const listed = await collect(readFindings(embedded.table, range));
    expect(listed.filter(({ address }) => address === subject)).toEqual([{ ...worse, revision: 2 }]);
  });

  it('costs a write unit and one of the index', async () => {
    const before = embedded.meter.read().dynamodb;
    const localHosts = Array.from({ length: 20 }, (_, n) => `192.168.100.${100 + n}`);

    await replaceFinding(embedded.table, finding({ localHosts }), PATIENCE);

    const after = embedded.meter.read().dynamodb;
    expect(after.write_units - before.write_units).toBe(2);
  });
});
