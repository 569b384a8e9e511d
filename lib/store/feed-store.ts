import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toServiceError } from '../aws/service-error.ts';
import type { FeedState } from '../intelligence/feeds/feed-state.ts';
import type { FeedStore } from '../intelligence/feeds/feed-store.ts';
import { FEEDS_KEY, type ItemKey } from './keys.ts';
import { loadList, readLists, replaceList } from './list-store.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** Each feed is an attribute of one item, so that two feeds refreshed at once don't overwrite each other. */
const PREFIX = 'feed_';

export function createFeedStore(table: TableAccess): FeedStore {
  return {
    lists: (nowMs) => readLists(table, nowMs),
    load: (list) => loadList(table, list),
    replace: async (list, chunks) => {
      await replaceList(table, list, chunks);
    },
    states: () => readFeedStates(table),
    putState: (name, state) => putFeedState(table, name, state),
  };
}

/** Reads the state of each feed that was ever tried. */
export async function readFeedStates(table: TableAccess): Promise<ReadonlyMap<string, FeedState>> {
  const { client, tableName } = table;
  try {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: FEEDS_KEY, ConsistentRead: true }),
    );
    return (Item && readUnderstood(table, Item as FeedsItem, statesIn)) ?? new Map();
  } catch (cause) {
    throw toServiceError(cause, 'read the states of feeds');
  }
}

type FeedsItem = ItemKey & { readonly schema: number };

function statesIn(item: FeedsItem): ReadonlyMap<string, FeedState> {
  const states = Object.entries(item).filter(([name]) => name.startsWith(PREFIX));
  return new Map(states.map(([name, state]) => [name.slice(PREFIX.length), state as unknown as FeedState]));
}

async function putFeedState(
  { client, tableName }: TableAccess,
  name: string,
  state: FeedState,
): Promise<void> {
  try {
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: FEEDS_KEY,
        UpdateExpression: 'SET #feed = :feed, #schema = :schema',
        ExpressionAttributeNames: { '#feed': `${PREFIX}${name}`, '#schema': 'schema' },
        ExpressionAttributeValues: { ':feed': state, ':schema': SCHEMA_VERSION },
      }),
    );
  } catch (cause) {
    throw toServiceError(cause, 'store the state of a feed');
  }
}
