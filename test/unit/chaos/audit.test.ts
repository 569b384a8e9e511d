import { beforeAll, describe, expect, it } from 'vitest';
import { withStoredText } from '../../../lib/store/stored-text.ts';
import { Discrepancies } from '../../chaos/audit/discrepancies.ts';
import { Outbox } from '../../chaos/audit/outbox.ts';
import type { WireItem } from '../../chaos/audit/stored-form.ts';
import { Books } from '../../chaos/model/books.ts';
import { makeBody, SHAPES } from '../../chaos/workload/bodies.ts';
import type { SentBody } from '../../chaos/workload/sent-message.ts';
import { wireItem } from '../../factories/dynamodb.ts';
import { queuedMessage, SENT_AT_MS, scoreMessage, scoringOptions } from '../../factories/messages.ts';

const ADDRESSES = ['45.1.2.3', '2a01:1:2::3', '80.4.5.6'];

const body = makeBody({ shape: 'packed', records: 80, seed: 7 }, ADDRESSES);
let stored: readonly WireItem[];

async function itemsOf({ text }: SentBody): Promise<WireItem[]> {
  const { items, summary } = scoreMessage(
    queuedMessage({ messageId: 'message-0', body: text }),
    scoringOptions(),
  );
  const all = [...items, ...summary.further, summary.first];
  return (await Promise.all(all.map((item) => wireItem(withStoredText(item))))) as unknown as WireItem[];
}

/** The audit's findings for a table if the message is acknowledged. */
function found(table: readonly WireItem[], sent = body): string[] {
  const books = new Books();
  books.enqueue(sent, SENT_AT_MS);
  books.acknowledge('message-0');
  books.auditTable(table, true);
  return Object.keys(books.discrepancies.counts).sort();
}

function isSummary({ pk }: WireItem): boolean {
  return pk !== undefined && 'S' in pk && pk.S.startsWith('unit#');
}

/** The table with its summary, or its first item, changed. */
function changed(part: 'summary' | 'item', change: (item: WireItem) => WireItem | undefined): WireItem[] {
  const index = stored.findIndex((item) => isSummary(item) === (part === 'summary'));
  return stored.flatMap((item, place) =>
    [place === index ? change(item) : item].filter((kept) => kept !== undefined),
  );
}

function textOf(item: WireItem, name: string): string {
  const attribute = item[name];
  return attribute !== undefined && 'S' in attribute ? attribute.S : '';
}

beforeAll(async () => {
  stored = await itemsOf(body);
});

describe('the audit of deliveries', () => {
  it.each(SHAPES)('finds nothing wrong with what the product stores of "%s"', async (shape) => {
    const sent = makeBody({ shape, records: 30, seed: 11 }, ADDRESSES);

    expect(found(await itemsOf(sent), sent)).toEqual([]);
  });

  it.each<[string, () => WireItem[], readonly string[]]>([
    ['no summary', () => changed('summary', () => undefined), ['acknowledged, and no summary']],
    [
      'an item missing',
      () => changed('item', () => undefined),
      ['a record is lost', 'an item that a summary names is missing'],
    ],
    [
      'an item under another hash',
      () => changed('item', (item) => ({ ...item, sk: { S: textOf(item, 'sk').replace(/.{4}$/, 'AAAA') } })),
      [
        'a record is lost',
        'an item that a summary names is missing',
        'the hash in a key is not of its records',
      ],
    ],
    [
      'a wrong count',
      () => changed('summary', (item) => ({ ...item, statistics: { M: { records: { N: '1' } } } })),
      ['a summary counts wrong'],
    ],
    [
      'a message counted that has another body',
      () => changed('summary', (item) => ({ ...item, messages: { L: [{ S: 'message-9' }] } })),
      ['a summary counts a message that it does not hold'],
    ],
    [
      'no message counted',
      () => changed('summary', (item) => ({ ...item, messages: { L: [] } })),
      ['a summary counts no message'],
    ],
    [
      'a score that is not the highest',
      () => changed('item', (item) => ({ ...item, threat_score: { N: '2' } })),
      ['threat_score is not the highest verdict'],
    ],
    [
      'an item of another body',
      () => [
        ...stored,
        ...changed('item', (item) => ({
          ...item,
          sk: { S: textOf(item, 'sk').replace(body.unit, 'x') },
        })).slice(0, 1),
      ],
      ['an item of something that nobody sent'],
    ],
  ])('finds %s', (_, table, expected) => {
    expect(found(table())).toEqual(expected);
  });

  it('takes what no summary names for a left-over', () => {
    const other = stored.map((item) => (isSummary(item) ? { ...item, schema: { N: '9' } } : item));
    const books = new Books();
    books.enqueue(body, SENT_AT_MS);

    books.auditTable(other, true);

    expect(books.discrepancies.counts).toEqual({});
  });
});

describe('the audit of the outbox', () => {
  const HOUR_MS = 3_600_000;

  function announced(...hours: readonly number[]): WireItem {
    const pending = hours.map((hour) => {
      const text = JSON.stringify({ kind: 'worse', uid: `at ${hour}`, observedAtMs: hour * HOUR_MS });
      return { M: { text: { S: text } } };
    });
    return { pk: { S: 'announced#8.8.8.8' }, schema: { N: '4' }, pending: { L: pending } };
  }

  it.each<[string, readonly WireItem[], readonly string[]]>([
    ['one decision a day', [announced(0), announced(0, 24)], []],
    ['two within a day', [announced(0), announced(0, 23)], ['decided twice']],
    ['one that is gone', [announced(0), announced(24)], ['a decision is lost']],
    [
      'one written over another of its day',
      [announced(0), announced(1)],
      ['a decision is lost', 'decided twice'],
    ],
  ])('says what is wrong with %s', (_, writes, expected) => {
    const outbox = new Outbox();
    const discrepancies = new Discrepancies();
    for (const item of writes) outbox.add(item);

    outbox.audit(writes.slice(-1), discrepancies);

    expect(Object.keys(discrepancies.counts)).toEqual(expected);
  });
});

describe('what the books allow statistics to count again', () => {
  it.each([
    ['nothing, of deliveries one after the other', false, 0],
    ['one delivery that began while another was under way', true, 1],
  ])('is %s', (_, isOverlapping, further) => {
    const books = new Books();
    const queued = books.enqueue(makeBody({ shape: 'single', records: 1, seed: 1 }, ADDRESSES), SENT_AT_MS);
    const first = books.takeOff([queued]);
    if (!isOverlapping) books.land(first, new Set(['message-0']));
    books.takeOff([queued]);

    expect(books.furtherCountsOf('message-0')).toBe(further);
  });
});

describe('the audit of rejections', () => {
  const sent = makeBody({ shape: 'invalid', records: 40, seed: 5 }, ADDRESSES);

  function rejected(change: (text: string, index: number) => string | undefined): string[] {
    const books = new Books();
    books.enqueue(sent, SENT_AT_MS);
    books.acknowledge('message-0');
    for (const { index, text } of sent.invalid) {
      const passedOn = change(text, index);
      if (passedOn === undefined) continue;
      const attributes = { source_message_id: 'message-0', index: String(index), reason: 'why' };
      books.addRejection({ text: passedOn, attributes });
    }
    books.auditRejections();
    return Object.keys(books.discrepancies.counts);
  }

  it('finds nothing where each invalid entry is there', () => {
    expect(rejected((text) => text)).toEqual([]);
  });

  it('finds one that is lost', () => {
    const last = sent.invalid.at(-1)?.index;

    expect(rejected((text, index) => (index === last ? undefined : text))).toEqual(['a rejection is lost']);
  });

  it('finds one that is not verbatim', () => {
    expect(rejected((text) => `${text} `.replace(/.\s*$/, ''))).toEqual(['a rejection is not verbatim']);
  });
});
