import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createBlocklistStore,
  listBlocklists,
  removeBlocklist,
  replaceBlocklist,
} from '../../../lib/store/blocklist-store.ts';
import { mockTable, NOW_MS } from '../../factories/stored-units.ts';

const { table, dynamodb } = mockTable();

const ENTRY = {
  source: 'made-up',
  version: 'v2',
  lists: 3,
  addresses: 2,
  ranges: 0,
  chunks: 2,
  importedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 1,
};
const { source: _, ...LISTED } = ENTRY;
const CHUNKS = [
  { family: 4, form: 'addresses', bytes: Buffer.from([8, 8, 8, 8, 1]) },
  { family: 6, form: 'addresses', bytes: Buffer.alloc(17) },
] as const;

const fault = (name: string, status: number) =>
  Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: status } });
const DENIED = fault('AccessDeniedException', 400);

const chunkItem = (n: number, changes: object = {}) => ({
  pk: `blocklist#made-up#v2#${n}`,
  sk: 'addresses',
  schema: 4,
  expires_at: NOW_MS / 1000 + 1,
  family: CHUNKS[n]?.family,
  form: CHUNKS[n]?.form,
  addresses: CHUNKS[n]?.bytes,
  ...changes,
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().resolves({});
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('replaceBlocklist', () => {
  it('writes each part with the expiry of the set, and says how far it is', async () => {
    const progress: number[] = [];

    const replaced = await replaceBlocklist(table, ENTRY, CHUNKS, (chunks) => progress.push(chunks));

    expect(replaced).toBeUndefined();
    expect(progress).toEqual([1, 2]);
    for (const n of [0, 1]) {
      expect(dynamodb).toHaveReceivedNthCommandWith(BatchWriteCommand, n + 1, {
        RequestItems: { assessments: [{ PutRequest: { Item: chunkItem(n) } }] },
      });
    }
    expect(dynamodb).not.toHaveReceivedCommand(DeleteCommand);
  });

  it('lists the set in one write that returns the older one', async () => {
    await replaceBlocklist(table, ENTRY, CHUNKS, () => {});

    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(UpdateCommand, {
      TableName: 'assessments',
      Key: { pk: 'blocklists', sk: 'sets' },
      UpdateExpression: 'SET #set = :set, #schema = :schema',
      ExpressionAttributeNames: { '#set': 'set_made-up', '#schema': 'schema' },
      ExpressionAttributeValues: { ':set': LISTED, ':schema': 4 },
      ReturnValues: 'UPDATED_OLD',
    });
  });

  it('does not list a set of which a part could not be written', async () => {
    dynamodb.on(BatchWriteCommand).resolvesOnce({}).rejects(DENIED);
    const progress: number[] = [];

    const replacing = replaceBlocklist(table, ENTRY, CHUNKS, (chunks) => progress.push(chunks));

    await expect(replacing).rejects.toMatchObject({ name: 'ServiceError', code: 'denied' });
    expect(progress).toEqual([1]);
    expect(dynamodb).not.toHaveReceivedCommand(UpdateCommand);
  });

  it('keeps the parts of the older set where the new one could not be listed', async () => {
    dynamodb.on(UpdateCommand).rejects(DENIED);

    await expect(replaceBlocklist(table, ENTRY, CHUNKS, () => {})).rejects.toMatchObject({
      name: 'ServiceError',
      message: expect.stringContaining('could not list the offline set'),
    });
    expect(dynamodb).not.toHaveReceivedCommand(DeleteCommand);
  });

  it('deletes every part of the older set, and leaves to its expiry what it cannot delete', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { 'set_made-up': { ...LISTED, version: 'v1' } } });
    dynamodb.on(DeleteCommand).rejectsOnce(DENIED).resolves({});

    const replaced = await replaceBlocklist(table, ENTRY, CHUNKS, () => {});

    expect(replaced).toEqual({ ...ENTRY, version: 'v1' });
    expect(dynamodb.commandCalls(DeleteCommand).map(({ args }) => args[0].input)).toEqual(
      [0, 1].map((n) => ({
        TableName: 'assessments',
        Key: { pk: `blocklist#made-up#v1#${n}`, sk: 'addresses' },
      })),
    );
  });
});

describe('removeBlocklist', () => {
  it('takes the set off the list in one write, then deletes its parts', async () => {
    const set_other = { ...LISTED, version: 'v9' };
    dynamodb.on(UpdateCommand).resolves({ Attributes: { 'set_made-up': LISTED, set_other } });

    expect(await removeBlocklist(table, 'made-up')).toEqual(ENTRY);
    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(UpdateCommand, {
      TableName: 'assessments',
      Key: { pk: 'blocklists', sk: 'sets' },
      UpdateExpression: 'SET #schema = :schema REMOVE #set',
      ExpressionAttributeNames: { '#set': 'set_made-up', '#schema': 'schema' },
      ExpressionAttributeValues: { ':schema': 4 },
      ReturnValues: 'ALL_OLD',
    });
    expect(dynamodb.commandCalls(DeleteCommand).map(({ args }) => args[0].input.Key?.pk)).toEqual([
      'blocklist#made-up#v2#0',
      'blocklist#made-up#v2#1',
    ]);
  });

  it('says that the source has none', async () => {
    dynamodb.on(UpdateCommand).resolves({ Attributes: { set_other: LISTED } });

    expect(await removeBlocklist(table, 'made-up')).toBeUndefined();
    expect(dynamodb).not.toHaveReceivedCommand(DeleteCommand);
  });

  it('deletes nothing of a set that is still listed', async () => {
    dynamodb.on(UpdateCommand).rejects(DENIED);

    await expect(removeBlocklist(table, 'made-up')).rejects.toMatchObject({ code: 'denied' });
    expect(dynamodb).not.toHaveReceivedCommand(DeleteCommand);
  });
});

describe('listBlocklists', () => {
  it('gives every set that has not expired', async () => {
    dynamodb.on(GetCommand).resolves({
      Item: {
        pk: 'blocklists',
        sk: 'sets',
        schema: 4,
        'set_made-up': LISTED,
        set_other: { ...LISTED, version: 'v9' },
        set_old: { ...LISTED, expiresAtMs: NOW_MS },
        // What else may come to stand there is no set.
        note: LISTED,
      },
    });

    expect(await listBlocklists(table, NOW_MS)).toEqual([
      ENTRY,
      { ...ENTRY, source: 'other', version: 'v9' },
    ]);
    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(GetCommand, {
      TableName: 'assessments',
      Key: { pk: 'blocklists', sk: 'sets' },
    });
  });

  it('gives none where nothing was ever imported', async () => {
    expect(await listBlocklists(table, NOW_MS)).toEqual([]);
  });

  it('gives none, and reports the list, where another version wrote it', async () => {
    dynamodb
      .on(GetCommand)
      .resolves({ Item: { pk: 'blocklists', sk: 'sets', schema: 5, 'set_made-up': LISTED } });
    const reported: string[] = [];
    const watched = { ...table, onUnreadable: ({ pk }: { pk: string }) => void reported.push(pk) };

    expect(await listBlocklists(watched, NOW_MS)).toEqual([]);
    expect(reported).toEqual(['blocklists']);
  });

  it('gives up after two seconds, and says what it could not do', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    dynamodb.on(GetCommand).rejects(fault('InternalServerError', 500));

    await expect(listBlocklists(table, NOW_MS)).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'could not read the offline sets: InternalServerError: no',
    });
    expect(timeout).toHaveBeenCalledExactlyOnceWith(2_000);
  });
});

describe('loading a set', () => {
  const store = createBlocklistStore(table);

  it('gives all of its parts', async () => {
    dynamodb.on(BatchGetCommand).resolves({ Responses: { assessments: [chunkItem(0), chunkItem(1)] } });

    expect(await store.load(ENTRY)).toEqual(CHUNKS);
    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(BatchGetCommand, {
      RequestItems: {
        assessments: { Keys: [0, 1].map((n) => ({ pk: `blocklist#made-up#v2#${n}`, sk: 'addresses' })) },
      },
    });
  });

  it('gives nothing where a part is of another version', async () => {
    const items = [chunkItem(0), chunkItem(1, { schema: 5 })];
    dynamodb.on(BatchGetCommand).resolves({ Responses: { assessments: items } });

    expect(await store.load(ENTRY)).toBeUndefined();
  });
});
