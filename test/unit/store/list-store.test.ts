import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createListStore, readLists, removeList, replaceList } from '../../../lib/store/list-store.ts';
import { mockTable, NOW_MS } from '../../factories/stored-units.ts';

const { table, dynamodb } = mockTable();

const ENTRY = {
  source: 'made-up',
  version: 'v2',
  kind: 'malicious',
  family: 'made-up',
  weight: 40,
  halfLifeDays: 7,
  addresses: 2,
  ranges: 2,
  chunks: 2,
  listedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 1,
} as const;
const { source: _, ...LISTED } = ENTRY;
const CHUNKS = [
  { family: 4, count: 1, bytes: Buffer.from([8, 8, 8, 8, 1]) },
  { family: 6, count: 2, bytes: Buffer.alloc(17) },
] as const;

const fault = (name: string, status: number) =>
  Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: status } });
const DENIED = fault('AccessDeniedException', 400);

const chunkItem = (n: number, changes: object = {}) => ({
  pk: `list#made-up#v2#${n}`,
  sk: 'ranges',
  schema: 4,
  expires_at: NOW_MS / 1000 + 1,
  family: CHUNKS[n]?.family,
  count: CHUNKS[n]?.count,
  ranges: CHUNKS[n]?.bytes,
  ...changes,
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().resolves({});
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('replaceList', () => {
  it('writes each part with the expiry of the list, and says how far it is', async () => {
    const progress: number[] = [];

    const replaced = await replaceList(table, ENTRY, CHUNKS, (chunks) => progress.push(chunks));

    expect(replaced).toBeUndefined();
    expect(progress).toEqual([1, 2]);
    for (const n of [0, 1]) {
      expect(dynamodb).toHaveReceivedNthCommandWith(BatchWriteCommand, n + 1, {
        RequestItems: { assessments: [{ PutRequest: { Item: chunkItem(n) } }] },
      });
    }
    expect(dynamodb).not.toHaveReceivedCommand(DeleteCommand);
  });

  it('lists it in one write that returns the older one', async () => {
    await replaceList(table, ENTRY, CHUNKS, () => {});

    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(UpdateCommand, {
      TableName: 'assessments',
      Key: { pk: 'lists', sk: 'index' },
      UpdateExpression: 'SET #list = :list, #schema = :schema',
      ExpressionAttributeNames: { '#list': 'list_made-up', '#schema': 'schema' },
      ExpressionAttributeValues: { ':list': LISTED, ':schema': 4 },
      ReturnValues: 'ALL_OLD',
    });
  });

  it('does not list one of which a part could not be written', async () => {
    dynamodb.on(BatchWriteCommand).resolvesOnce({}).rejects(DENIED);
    const progress: number[] = [];

    const replacing = replaceList(table, ENTRY, CHUNKS, (chunks) => progress.push(chunks));

    await expect(replacing).rejects.toMatchObject({ name: 'ServiceError', code: 'denied' });
    expect(progress).toEqual([1]);
    expect(dynamodb).not.toHaveReceivedCommand(UpdateCommand);
  });

  it('keeps the parts of the older list where the new one could not be listed', async () => {
    dynamodb.on(UpdateCommand).rejects(DENIED);

    await expect(replaceList(table, ENTRY, CHUNKS, () => {})).rejects.toMatchObject({
      name: 'ServiceError',
      message: expect.stringContaining('could not put the list into the index'),
    });
    expect(dynamodb).not.toHaveReceivedCommand(DeleteCommand);
  });

  it('deletes every part of the older list, and leaves to its expiry what it cannot delete', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { 'list_made-up': { ...LISTED, version: 'v1' } } });
    dynamodb.on(DeleteCommand).rejectsOnce(DENIED).resolves({});

    const replaced = await replaceList(table, ENTRY, CHUNKS, () => {});

    expect(replaced).toEqual({ ...ENTRY, version: 'v1' });
    expect(dynamodb.commandCalls(DeleteCommand).map(({ args }) => args[0].input)).toEqual(
      [0, 1].map((n) => ({
        TableName: 'assessments',
        Key: { pk: `list#made-up#v1#${n}`, sk: 'ranges' },
      })),
    );
  });
});

describe('storing a version again', () => {
  it('deletes nothing of it', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { 'list_made-up': LISTED } });

    expect(await replaceList(table, ENTRY, CHUNKS)).toEqual(ENTRY);
    expect(dynamodb).not.toHaveReceivedCommand(DeleteCommand);
  });
});

describe('removeList', () => {
  it('takes it off the index in one write, then deletes its parts', async () => {
    const list_other = { ...LISTED, version: 'v9' };
    dynamodb.on(UpdateCommand).resolves({ Attributes: { 'list_made-up': LISTED, list_other } });

    expect(await removeList(table, 'made-up')).toEqual(ENTRY);
    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(UpdateCommand, {
      TableName: 'assessments',
      Key: { pk: 'lists', sk: 'index' },
      UpdateExpression: 'SET #schema = :schema REMOVE #list',
      ExpressionAttributeNames: { '#list': 'list_made-up', '#schema': 'schema' },
      ExpressionAttributeValues: { ':schema': 4 },
      ReturnValues: 'ALL_OLD',
    });
    expect(dynamodb.commandCalls(DeleteCommand).map(({ args }) => args[0].input.Key?.pk)).toEqual([
      'list#made-up#v2#0',
      'list#made-up#v2#1',
    ]);
  });

  it('says that there is none of that name', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { list_other: LISTED } });

    expect(await removeList(table, 'made-up')).toBeUndefined();
    expect(dynamodb).not.toHaveReceivedCommand(DeleteCommand);
  });

  it('deletes nothing of a list that is still listed', async () => {
    dynamodb.on(UpdateCommand).rejects(DENIED);

    await expect(removeList(table, 'made-up')).rejects.toMatchObject({ code: 'denied' });
    expect(dynamodb).not.toHaveReceivedCommand(DeleteCommand);
  });
});

describe('readLists', () => {
  it('gives every list that has not expired', async () => {
    dynamodb.on(GetCommand).resolves({
      Item: {
        pk: 'lists',
        sk: 'index',
        schema: 4,
        'list_made-up': LISTED,
        list_other: { ...LISTED, version: 'v9' },
        list_old: { ...LISTED, expiresAtMs: NOW_MS },
        // Any other item there is not a list.
        note: LISTED,
      },
    });

    expect(await readLists(table, NOW_MS)).toEqual([ENTRY, { ...ENTRY, source: 'other', version: 'v9' }]);
    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(GetCommand, {
      TableName: 'assessments',
      Key: { pk: 'lists', sk: 'index' },
    });
  });

  it('gives none where nothing was ever imported', async () => {
    expect(await readLists(table, NOW_MS)).toEqual([]);
  });

  it('gives none, and reports the index, where another version wrote it', async () => {
    dynamodb
      .on(GetCommand)
      .resolves({ Item: { pk: 'lists', sk: 'index', schema: 5, 'list_made-up': LISTED } });
    const reported: string[] = [];
    const watched = { ...table, onUnreadable: ({ pk }: { pk: string }) => void reported.push(pk) };

    expect(await readLists(watched, NOW_MS)).toEqual([]);
    expect(reported).toEqual(['lists']);
  });

  it('gives up after two seconds, and says what it could not do', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    dynamodb.on(GetCommand).rejects(fault('InternalServerError', 500));

    await expect(readLists(table, NOW_MS)).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'could not read the index of lists: InternalServerError: no',
    });
    expect(timeout).toHaveBeenCalledExactlyOnceWith(2_000);
  });
});

describe('loading a list', () => {
  const store = createListStore(table);

  it('gives all of its parts in order', async () => {
    dynamodb.on(BatchGetCommand).resolves({ Responses: { assessments: [chunkItem(1), chunkItem(0)] } });

    expect(await store.load(ENTRY)).toEqual(CHUNKS);
    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(BatchGetCommand, {
      RequestItems: {
        assessments: { Keys: [0, 1].map((n) => ({ pk: `list#made-up#v2#${n}`, sk: 'ranges' })) },
      },
    });
  });

  it('gives nothing where a part is of another version', async () => {
    const items = [chunkItem(0), chunkItem(1, { schema: 5 })];
    dynamodb.on(BatchGetCommand).resolves({ Responses: { assessments: items } });

    expect(await store.load(ENTRY)).toBeUndefined();
  });
});
