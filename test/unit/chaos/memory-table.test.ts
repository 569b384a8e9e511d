import { describe, expect, it } from 'vitest';
import type { WireItem } from '../../chaos/audit/stored-form.ts';
import { MemoryTable } from '../../chaos/simulation/memory-table.ts';

function item(sk: string, further: WireItem = {}): WireItem {
  return { pk: { S: 'p' }, sk: { S: sk }, ...further };
}

function write(table: MemoryTable, items: readonly WireItem[]) {
  const RequestItems = { t: items.map((Item) => ({ PutRequest: { Item } })) };
  return table.apply('BatchWriteItem', JSON.stringify({ RequestItems })).status;
}

function query(table: MemoryTable, input: object) {
  const { body } = table.apply('Query', JSON.stringify(input));
  return JSON.parse(body) as { Items: WireItem[]; LastEvaluatedKey?: WireItem };
}

describe('MemoryTable', () => {
  it.each([
    ['nothing', []],
    ['26 items', Array.from({ length: 26 }, (_, n) => item(`${n}`))],
    ['a key twice', [item('a'), item('a')]],
    ['an item above 400 KB', [item('a', { content: { S: 'x'.repeat(410_000) } })]],
  ])('refuses to write %s, and writes nothing', async (_, items) => {
    const table = new MemoryTable();

    expect(write(table, items)).toBe(400);
    expect(table.items()).toEqual([]);
  });

  it('replaces an item of the same key', () => {
    const table = new MemoryTable();

    write(table, [item('a', { n: { N: '1' } })]);
    write(table, [item('a', { n: { N: '2' } })]);

    expect(table.items()).toEqual([item('a', { n: { N: '2' } })]);
  });

  it.each([
    ['sk BETWEEN :a AND :b', ['b', 'c']],
    ['begins_with(sk, :a)', ['b']],
    ['sk > :a', ['c', 'd']],
  ])('queries a partition by %s', (condition, expected) => {
    const table = new MemoryTable();
    write(
      table,
      ['d', 'a', 'c', 'b'].map((sk) => item(sk)),
    );

    const { Items } = query(table, {
      KeyConditionExpression: `pk = :p AND ${condition}`,
      ExpressionAttributeValues: { ':p': { S: 'p' }, ':a': { S: 'b' }, ':b': { S: 'c' } },
    });

    expect(Items).toEqual(expected.map((sk) => item(sk)));
  });

  it('gives pages of a megabyte', () => {
    const table = new MemoryTable();
    const content = { content: { S: 'x'.repeat(390_000) } };
    for (const sk of ['a', 'b', 'c', 'd', 'e']) write(table, [item(sk, content)]);
    const input = {
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
      ScanIndexForward: false,
    };

    const first = query(table, input);
    const second = query(table, { ...input, ExclusiveStartKey: first.LastEvaluatedKey });

    expect(first.Items.map(({ sk }) => sk)).toEqual([{ S: 'e' }, { S: 'd' }, { S: 'c' }]);
    expect(second.Items.map(({ sk }) => sk)).toEqual([{ S: 'b' }, { S: 'a' }]);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it('projects what the index holds', () => {
    const table = new MemoryTable();
    const time = { time_bucket: { S: 'summary#x' }, ingested_at: { N: '7' } };
    write(table, [item('a', { ...time, statistics: { M: {} }, items: { L: [] } }), item('b')]);

    const { Items } = query(table, {
      IndexName: 'by-time',
      KeyConditionExpression: 'time_bucket = :bucket AND ingested_at BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':bucket': { S: 'summary#x' }, ':from': { N: '7' }, ':to': { N: '8' } },
    });

    expect(Items).toEqual([item('a', { ...time, statistics: { M: {} } })]);
  });
});
