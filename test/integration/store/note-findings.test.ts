import { BatchGetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAnnouncement } from '../../../lib/announcement/announcement.ts';
import { DEFAULT_ANNOUNCEMENT_SETTINGS } from '../../../lib/announcement/announcement-settings.ts';
import type { Sighting } from '../../../lib/announcement/sighting.ts';
import { FindingNotes } from '../../../lib/assessment/note-findings.ts';
import { getAnnounced } from '../../../lib/store/announced.ts';
import type { Finding } from '../../../lib/store/finding.ts';
import { getFindings } from '../../../lib/store/findings.ts';
import { findingKey, keyText } from '../../../lib/store/keys.ts';
import { removeSent } from '../../../lib/store/outbox.ts';
import type { TableAccess } from '../../../lib/store/table-access.ts';
import { HOUR_MS, knock, SEEN_AT_MS, sighting } from '../../factories/sightings.ts';
import { type EmbeddedTable, startTable } from '../../fixtures/embedded-table.ts';

const PATIENCE = { deadlineMs: Date.now() + 600_000 };
let embedded: EmbeddedTable;
let addresses = 0;
let address: string;

beforeAll(async () => {
  embedded = await startTable();
});

afterAll(() => embedded.stop());

beforeEach(() => {
  address = `198.51.100.${++addresses}`;
});

/** An execution that has noted nothing yet. */
function execution(table: TableAccess = embedded.table) {
  const notes = new FindingNotes(table, DEFAULT_ANNOUNCEMENT_SETTINGS);
  return (...sightings: readonly Sighting[]) => notes.note(sightings, PATIENCE);
}

/**
 * A table whose client dies around its nth write.
 *
 * @param isDone whether the write still takes effect
 */
function dyingTable(nth: number, isDone: boolean): TableAccess {
  const { client, tableName } = embedded.table;
  let writes = 0;
  const send = async (command: object, options?: object) => {
    const isLast = command instanceof PutCommand && ++writes === nth;
    if (isLast && !isDone) throw new Death();
    const answer = await client.send(command as never, options as never);
    if (isLast) throw new Death();
    return answer;
  };
  return { client: { send } as unknown as TableAccess['client'], tableName };
}

/** Not a service error, so it is not retried. */
class Death extends Error {
  override readonly name = 'Death';
  readonly $metadata = { httpStatusCode: 400 };
}

async function inOutbox(): Promise<(string | undefined)[]> {
  const announced = (await getAnnounced(embedded.table, [address])).get(address);
  return (announced?.pending ?? []).map(({ text }) => readAnnouncement(text)?.kind);
}

async function findingOf(given: Sighting): Promise<Finding | undefined> {
  return (await getFindings(embedded.table, [given])).get(keyText(findingKey(given)));
}

const seen = (changes: Parameters<typeof sighting>[0] = {}) => sighting({ address, ...changes });

describe('an execution', () => {
  it('notes what is new, and announces it', async () => {
    const noted = await execution()(seen());

    expect(noted).toEqual({ failures: new Map(), findingsWritten: 1, announcements: 1 });
    expect(await inOutbox()).toEqual(['new-malicious']);
    expect(await findingOf(seen())).toMatchObject({ score: 0.8, announced: ['new-malicious'], revision: 1 });
  });

  it('asks the table for nothing that it has noted', async () => {
    const note = execution();
    await note(seen(), knock({ address }));
    const before = embedded.meter.read().dynamodb.requests;

    const noted = await note(seen(), knock({ address }), seen({ ingestedAtMs: SEEN_AT_MS + 60_000 }));

    expect(noted).toEqual({ failures: new Map(), findingsWritten: 0, announcements: 0 });
    expect(embedded.meter.read().dynamodb.requests).toBe(before);
  });

  it('reads what others have noted, many addresses in one request, and writes nothing', async () => {
    const many = Array.from({ length: 60 }, (_, n) => knock({ address: `192.0.2.${n}` }));
    await execution()(...many);
    const before = embedded.meter.read().dynamodb.operations;

    const noted = await execution()(...many);

    const { BatchGetItem = 0, PutItem = 0 } = embedded.meter.read().dynamodb.operations;
    expect(noted.findingsWritten).toBe(0);
    expect(BatchGetItem - (before.BatchGetItem ?? 0)).toBe(1);
    expect(PutItem - (before.PutItem ?? 0)).toBe(0);
  });

  it('writes a finding again where it has news, and not where it has none', async () => {
    const note = execution();
    const written = async (...sightings: readonly Sighting[]) => (await note(...sightings)).findingsWritten;

    expect(await written(seen({ score: 0.7 }))).toBe(1);
    expect(await written(seen({ score: 0.79 }))).toBe(0);
    expect(await written(seen({ score: 0.8, hosts: ['10.0.0.8'] }), seen({ score: 0.85 }))).toBe(1);
    expect(await written(seen({ hosts: ['10.0.0.9'] }))).toBe(1);
    expect(await written(seen({ ports: [443] }))).toBe(0);

    expect(await findingOf(seen())).toMatchObject({
      score: 0.85,
      localHosts: ['10.0.0.7', '10.0.0.8', '10.0.0.9'],
      announced: ['new-malicious', 'worse'],
      revision: 3,
    });
  });

  it('keeps what the shadow says to itself', async () => {
    const note = execution();
    const shadow = { usesConsensus: false, score: 0.2, consensusScore: 0.9 };

    const first = await note(seen(shadow));
    const inUse = await note(seen({ score: 0.9, ingestedAtMs: SEEN_AT_MS + HOUR_MS }));

    expect([first.findingsWritten, first.announcements]).toEqual([0, 0]);
    expect([inUse.findingsWritten, inUse.announcements]).toEqual([1, 0]);
    expect((await findingOf(seen()))?.announced).toEqual([]);
  });

  it('reports which addresses it could not note, and notes the others', async () => {
    const other = `${address.replace('198.51.100', '203.0.113')}`;
    const { client, tableName } = embedded.table;
    const send = async (command: object, options?: object) => {
      if (command instanceof PutCommand && command.input.Item?.pk === `finding#${address}`) throw new Death();
      return await client.send(command as never, options as never);
    };

    const noted = await execution({ client: { send } as never, tableName })(seen(), seen({ address: other }));

    expect([...noted.failures.keys()]).toEqual([address]);
    expect(await findingOf(seen({ address: other }))).toBeDefined();
  });

  it('fails everything that it cannot read', async () => {
    const { client, tableName } = embedded.table;
    const send = async (command: object, options?: object) => {
      if (command instanceof BatchGetCommand) throw new Death();
      return await client.send(command as never, options as never);
    };

    const noted = await execution({ client: { send } as never, tableName })(seen(), knock());

    expect([...noted.failures.keys()].sort()).toEqual([knock().address, address].sort());
    expect(await findingOf(seen())).toBeUndefined();
  });
});

describe('several executions', () => {
  it('announce an address once, and keep the worst of what they saw', async () => {
    const shapes = Array.from({ length: 8 }, (_, n) =>
      seen({ score: 0.7 + n / 100, hosts: [`10.0.0.${n}`], ingestedAtMs: SEEN_AT_MS + n }),
    );

    const noted = await Promise.all(shapes.map((each) => execution()(each)));

    expect(noted.reduce((sum, { announcements }) => sum + announcements, 0)).toBe(1);
    expect(noted.every(({ failures }) => failures.size === 0)).toBe(true);
    expect(await inOutbox()).toEqual(['new-malicious']);
    const finding = await findingOf(seen());
    expect(finding?.localHosts).toHaveLength(8);
    expect(finding?.score).toBeCloseTo(0.77);
  });

  it('announce nothing again that was sent meanwhile', async () => {
    await execution()(seen());
    const announced = (await getAnnounced(embedded.table, [address])).get(address);
    if (announced === undefined) throw new TypeError('nothing was announced');
    await removeSent(embedded.table, announced, new Set(announced.pending.map(({ uid }) => uid)), PATIENCE);

    const again = await execution()(seen());
    const worse = await execution()(seen({ score: 0.95, ingestedAtMs: SEEN_AT_MS + 1 }));

    expect([again.announcements, worse.announcements]).toEqual([0, 1]);
    expect(await inOutbox()).toEqual(['worse']);
  });
});

/** An address without news needs two writes, one that gets worse two more. */
const DEATHS = [1, 2, 3, 4].flatMap((nth) => [
  { nth, isDone: false },
  { nth, isDone: true },
]);

it.each(DEATHS)(
  'nothing is lost or decided twice where it dies at write $nth, done: $isDone',
  async ({ nth, isDone }) => {
    const first = seen({ score: 0.75 });
    const second = seen({ score: 0.9, ingestedAtMs: SEEN_AT_MS + HOUR_MS });
    const dying = execution(dyingTable(nth, isDone));

    const before = await dying(first);
    const after = await dying(second);
    const hasFailed = before.failures.size + after.failures.size > 0;
    // Failed ones are delivered again, to executions without notes, and some twice.
    for (const each of [first, second, second, first]) await execution()(each);

    // If the first was not decided, the second one is the news.
    const isFirstLost = nth === 1 && !isDone;
    const expected = isFirstLost ? ['new-malicious'] : ['new-malicious', 'worse'];
    expect(hasFailed).toBe(true);
    expect(await inOutbox()).toEqual(expected);
    expect(await findingOf(first)).toMatchObject({ score: 0.9, announced: expected });
  },
);
