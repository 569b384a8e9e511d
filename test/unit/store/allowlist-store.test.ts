import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { putAllowEntry, readAllowlist, removeAllowEntry } from '../../../lib/store/allowlist-store.ts';
import { mockTable, NOW_MS } from '../../factories/stored-units.ts';

const { table, dynamodb } = mockTable();

const ENTRY = {
  id: 'abcdefgh',
  network: '203.0.113.0/24',
  port: 443,
  reason: 'ours',
  owner: 'somebody',
  addedAtMs: NOW_MS,
} as const;
const { id: _, ...STORED } = ENTRY;
const KEY = { pk: 'allowlist', sk: 'entries' };

beforeEach(() => {
  dynamodb.reset();
});

describe('readAllowlist', () => {
  it('gives the entries in the order in which they were added', async () => {
    const later = { ...STORED, addedAtMs: NOW_MS + 1 };
    dynamodb
      .on(GetCommand)
      .resolves({ Item: { ...KEY, schema: 4, entry_later: later, entry_abcdefgh: STORED } });

    expect(await readAllowlist(table)).toEqual([ENTRY, { ...later, id: 'later' }]);
    expect(dynamodb).toHaveReceivedCommandWith(GetCommand, { Key: KEY });
  });

  it.each([
    ['there is no list yet', undefined],
    ['the list is of another version of the code', { ...KEY, schema: 99, entry_abcdefgh: STORED }],
    ['an entry covers no network', { ...KEY, schema: 4, entry_abcdefgh: { ...STORED, network: 'all' } }],
    ['an entry has no network', { ...KEY, schema: 4, entry_abcdefgh: {} }],
  ])('gives none where %s', async (_, Item) => {
    dynamodb.on(GetCommand).resolves(Item === undefined ? {} : { Item });

    expect(await readAllowlist(table)).toEqual([]);
  });

  it('says what failed', async () => {
    dynamodb.on(GetCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));

    await expect(readAllowlist(table)).rejects.toThrow(/could not read the allowlist/);
  });
});

describe('changes', () => {
  it('touch one entry alone, and give the one that was there', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { entry_abcdefgh: STORED, entry_other: {} } });

    expect(await putAllowEntry(table, ENTRY)).toEqual(ENTRY);
    expect(await removeAllowEntry(table, ENTRY.id)).toEqual(ENTRY);
    expect(dynamodb).toHaveReceivedNthCommandWith(UpdateCommand, 1, {
      Key: KEY,
      UpdateExpression: 'SET #entry = :entry, #schema = :schema',
      ExpressionAttributeNames: { '#entry': 'entry_abcdefgh', '#schema': 'schema' },
      ExpressionAttributeValues: { ':entry': STORED, ':schema': 4 },
    });
    expect(dynamodb).toHaveReceivedNthCommandWith(UpdateCommand, 2, {
      Key: KEY,
      UpdateExpression: 'SET #schema = :schema REMOVE #entry',
      ExpressionAttributeNames: { '#entry': 'entry_abcdefgh', '#schema': 'schema' },
      ExpressionAttributeValues: { ':schema': 4 },
    });
  });

  it('give nothing where nothing was there', async () => {
    dynamodb.on(UpdateCommand).resolves({});

    expect(await removeAllowEntry(table, ENTRY.id)).toBeUndefined();
  });
});
