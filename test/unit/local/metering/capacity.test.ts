import { describe, expect, it } from 'vitest';
import { projectOntoIndex, readUnits, writeUnitsOfPut } from '../../../../lib/local/metering/capacity.ts';
import { UNITS_BY_OPERATION } from '../../../../lib/local/metering/dynamodb-capacity.ts';
import type { IndexDefinition, TableDefinition } from '../../../../lib/local/template/service-definition.ts';

const INDEX: IndexDefinition = {
  name: 'by-time',
  partitionKey: { name: 'bucket', type: 'S' },
  sortKey: { name: 'at', type: 'N' },
  projection: { type: 'INCLUDE', attributes: ['statistics'] },
};

const TABLE: TableDefinition = {
  name: 'table',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [INDEX],
};

const KEYS = { pk: { S: 'p' }, sk: { S: 's' } };
const INDEX_KEYS = { bucket: { S: 'b' }, at: { N: '1' } };

/** An attribute of this many bytes, including its one-letter name. */
function filler(bytes: number) {
  return { S: 'x'.repeat(bytes - 1) };
}

describe('writeUnitsOfPut', () => {
  const keyBytes = 6;

  it.each([
    ['the smallest item', KEYS, 1],
    ['exactly 1 KB', { ...KEYS, f: filler(1024 - keyBytes) }, 1],
    ['a byte more', { ...KEYS, f: filler(1025 - keyBytes) }, 2],
    ['10 KB', { ...KEYS, f: filler(10 * 1024 - keyBytes) }, 10],
  ])('charges the table for %s', (_, item, units) => {
    expect(writeUnitsOfPut(item, TABLE)).toEqual({ table: units, indexes: 0 });
  });

  it('charges an index for what it projects only', () => {
    const item = { ...KEYS, ...INDEX_KEYS, f: filler(5000), statistics: { S: 'x'.repeat(1500) } };

    expect(writeUnitsOfPut(item, TABLE)).toEqual({ table: 7, indexes: 2 });
  });

  it.each([
    ['ALL', { type: 'ALL' } as const, 5],
    ['KEYS_ONLY', { type: 'KEYS_ONLY' } as const, 1],
  ])('projects %s', (_, projection, indexes) => {
    const table = { ...TABLE, indexes: [{ ...INDEX, projection }] };

    expect(writeUnitsOfPut({ ...KEYS, ...INDEX_KEYS, f: filler(5000) }, table).indexes).toBe(indexes);
  });
});

describe('projectOntoIndex', () => {
  it('leaves an item out that lacks a key of the index', () => {
    expect(projectOntoIndex({ ...KEYS, bucket: { S: 'b' } }, INDEX, TABLE)).toBeUndefined();
  });
});

describe('readUnits', () => {
  it.each([
    [0, false, 0.5],
    [4096, false, 0.5],
    [4097, false, 1],
    [0, true, 1],
    [8193, true, 3],
  ])('of %i bytes, consistent %s: %d', (bytes, isConsistent, units) => {
    expect(readUnits(bytes, isConsistent)).toBe(units);
  });
});

describe('UNITS_BY_OPERATION', () => {
  const unitsOf = (operation: string, request: object, response: object) =>
    UNITS_BY_OPERATION[operation]?.(request, response, TABLE);
  const big = { ...KEYS, f: filler(5000) };

  it('charges a batch write without what was left unprocessed', () => {
    const puts = [{ PutRequest: { Item: big } }, { PutRequest: { Item: { ...KEYS, ...INDEX_KEYS } } }];
    const deletion = { DeleteRequest: { Key: KEYS } };
    const request = { RequestItems: { table: [...puts, deletion] } };

    expect(unitsOf('BatchWriteItem', request, { UnprocessedItems: {} })?.write).toEqual({
      table: 7,
      indexes: 1,
    });
    expect(unitsOf('BatchWriteItem', request, { UnprocessedItems: { table: puts } })?.write).toEqual({
      table: 1,
      indexes: 0,
    });
  });

  it('rounds each item of a batch read up, missing ones too', () => {
    const request = { RequestItems: { table: { Keys: [KEYS, KEYS, KEYS, KEYS] } } };
    const response = {
      Responses: { table: [KEYS, big] },
      UnprocessedKeys: { table: { Keys: [KEYS] } },
    };

    expect(unitsOf('BatchGetItem', request, response)?.read).toBe(0.5 + 1 + 0.5);
  });

  it('adds the items of a query up before it rounds', () => {
    expect(unitsOf('Query', {}, { Items: Array(10).fill(KEYS) })?.read).toBe(0.5);
    expect(unitsOf('Query', { ConsistentRead: true }, { Items: [big, big] })?.read).toBe(3);
  });

  it('prefers the consumed capacity where it was asked for', () => {
    expect(unitsOf('Query', {}, { Items: [], ConsumedCapacity: { CapacityUnits: 7 } })?.read).toBe(7);
  });

  it.each([
    ['PutItem', { Item: big }, {}, 5],
    ['DeleteItem', { Key: KEYS }, {}, 1],
    ['DeleteItem', { Key: KEYS }, { Attributes: big }, 5],
    ['UpdateItem', { Key: KEYS, ExpressionAttributeValues: { ':one': { N: '1' } } }, {}, 1],
  ])('charges %s', (operation, request, response, units) => {
    expect(unitsOf(operation, request, response)?.write.table).toBe(units);
  });

  it('charges nothing for the description of a table', () => {
    expect(UNITS_BY_OPERATION.DescribeTable).toBeUndefined();
  });
});
