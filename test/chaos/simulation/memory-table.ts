import { type Attribute, plain, type WireItem } from '../audit/stored-form.ts';
import { type KeyCondition, parseKeyCondition } from './key-condition.ts';
import { answerOf, errorAnswer, type WireAnswer } from './service.ts';
import { type UpdateExpression, updatedItem } from './update-expression.ts';

const MOST_PUTS = 25;
const MOST_GETS = 100;
const MOST_ITEM_BYTES = 400 * 1024;
const MOST_GET_BYTES = 16 * 1024 * 1024;
const MOST_PAGE_BYTES = 1024 * 1024;
const INDEX = { name: 'by-time', partitionKey: 'time_bucket', sortKey: 'ingested_at' };
const PROJECTED = ['schema', 'pk', 'sk', 'time_bucket', 'ingested_at', 'statistics', 'times', 'expires_at'];

type Key = Readonly<Record<string, Attribute>>;

interface Write {
  readonly PutRequest?: { readonly Item: WireItem };
  readonly DeleteRequest?: { readonly Key: Key };
}

interface PutInput {
  readonly Item: WireItem;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Attribute>>;
}

interface UpdateInput extends UpdateExpression {
  readonly Key: Key;
  readonly ReturnValues?: string;
}

interface QueryInput {
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeValues: Readonly<Record<string, Attribute>>;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ScanIndexForward?: boolean;
  readonly ExclusiveStartKey?: Key;
  readonly Limit?: number;
}

/** The supported put conditions. */
const ABSENCE = /^attribute_not_exists\((\w+)\)$/;
const EQUALITY = /^(\w+) = (:\w+)$/;

/**
 * A table in memory that follows DynamoDB's documentation for the operations used by deliveries and readers:
 * non-transactional batches, limits of size and number, pages, and one sparse index. Everything else is rejected with
 * an error.
 */
export class MemoryTable {
  readonly #partitions = new Map<string, Map<string, WireItem>>();

  items(): WireItem[] {
    return [...this.#partitions.values()].flatMap((partition) => [...partition.values()]);
  }

  put(item: WireItem): void {
    const { pk, sk } = keyOf(item);
    const partition = this.#partitions.get(pk) ?? new Map<string, WireItem>();
    this.#partitions.set(pk, partition);
    partition.set(sk, item);
  }

  apply(operation: string, body: string): WireAnswer {
    switch (operation) {
      case 'BatchWriteItem':
        return this.#batchWrite(body);
      case 'BatchGetItem':
        return this.#batchGet(body);
      case 'GetItem': {
        const { Key } = JSON.parse(body) as { Key: Key };
        const Item = this.#find(Key);
        return answerOf(Item === undefined ? {} : { Item });
      }
      case 'PutItem':
        return this.#put(JSON.parse(body) as PutInput);
      case 'UpdateItem':
        return this.#update(JSON.parse(body) as UpdateInput);
      case 'Query':
        return this.#query(JSON.parse(body) as QueryInput);
      default:
        return invalid(`the table in memory does not know ${operation}`);
    }
  }

  #batchWrite(body: string): WireAnswer {
    const { RequestItems } = JSON.parse(body) as { RequestItems: Record<string, Write[]> };
    const writes = Object.values(RequestItems).flat();
    if (writes.length === 0 || writes.length > MOST_PUTS)
      return invalid(`${writes.length} writes in a batch`);
    const keys = new Set(
      writes.map(({ PutRequest, DeleteRequest }) => textOf(PutRequest?.Item ?? DeleteRequest?.Key)),
    );
    if (keys.size < writes.length) return invalid('Provided list of item keys contains duplicates');
    for (const { PutRequest } of writes) {
      if (PutRequest !== undefined && itemBytes(PutRequest.Item) > MOST_ITEM_BYTES) {
        return invalid('Item size has exceeded the maximum allowed size');
      }
    }
    for (const { PutRequest, DeleteRequest } of writes) {
      if (PutRequest !== undefined) this.put(PutRequest.Item);
      else if (DeleteRequest !== undefined) this.#delete(DeleteRequest.Key);
    }
    return answerOf({ UnprocessedItems: {} });
  }

  #put({
    Item,
    ConditionExpression: condition,
    ExpressionAttributeValues: values = {},
  }: PutInput): WireAnswer {
    if (itemBytes(Item) > MOST_ITEM_BYTES) return invalid('Item size has exceeded the maximum allowed size');
    const there = this.#find(Item);
    const [, absent] = ABSENCE.exec(condition ?? '') ?? [];
    const [, name = '', placeholder = ''] = EQUALITY.exec(condition ?? '') ?? [];
    if (condition !== undefined && absent === undefined && name === '')
      return invalid(`the table in memory does not know ${condition}`);
    const holds =
      absent === undefined
        ? condition === undefined || plain(there?.[name]) === plain(values[placeholder])
        : there?.[absent] === undefined;
    if (!holds)
      return errorAnswer(
        400,
        'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        condition ?? '',
      );
    this.put(Item);
    return answerOf({});
  }

  #update({ Key, ...input }: UpdateInput): WireAnswer {
    const updated = updatedItem(this.#find(Key) ?? Key, input);
    if (updated === undefined) return invalid(`the table in memory does not know ${input.UpdateExpression}`);
    this.put(updated);
    return answerOf(input.ReturnValues === 'ALL_NEW' ? { Attributes: updated } : {});
  }

  #delete(key: Key): void {
    const { pk, sk } = keyOf(key);
    this.#partitions.get(pk)?.delete(sk);
  }

  #batchGet(body: string): WireAnswer {
    const { RequestItems } = JSON.parse(body) as { RequestItems: Record<string, { Keys: Key[] }> };
    const Responses: Record<string, WireItem[]> = {};
    const UnprocessedKeys: Record<string, { Keys: Key[] }> = {};
    let room = MOST_GET_BYTES;
    for (const [table, { Keys }] of Object.entries(RequestItems)) {
      if (Keys.length > MOST_GETS) return invalid(`${Keys.length} keys in a batch`);
      if (new Set(Keys.map(textOf)).size < Keys.length)
        return invalid('list of item keys contains duplicates');
      const found: WireItem[] = [];
      const left: Key[] = [];
      for (const key of Keys) {
        const item = this.#find(key);
        if (item === undefined) continue;
        room -= itemBytes(item);
        if (room < 0 && found.length > 0) left.push(key);
        else found.push(item);
      }
      Responses[table] = found;
      if (left.length > 0) UnprocessedKeys[table] = { Keys: left };
    }
    return answerOf({ Responses, UnprocessedKeys });
  }

  #find(key: Key): WireItem | undefined {
    const { pk, sk } = keyOf(key);
    return this.#partitions.get(pk)?.get(sk);
  }

  #query(input: QueryInput): WireAnswer {
    if (input.FilterExpression !== undefined) return invalid('the table in memory knows no filters');
    const condition = parseKeyCondition(input);
    const isIndex = input.IndexName !== undefined;
    if (isIndex && input.IndexName !== INDEX.name) return invalid(`there is no index ${input.IndexName}`);
    const sortKey = isIndex ? INDEX.sortKey : 'sk';
    const found = this.#candidates(condition, isIndex).filter((item) =>
      condition.matches(plain(item[sortKey])),
    );
    const order = (item: WireItem) => plain(item[sortKey]) as string | number;
    found.sort((a, b) => compare(order(a), order(b)) || compare(textOf(a), textOf(b)));
    if (input.ScanIndexForward === false) found.reverse();
    const start =
      input.ExclusiveStartKey === undefined ? -1 : indexOf(found, textOf(input.ExclusiveStartKey));
    return page(found.slice(start + 1), input.Limit, isIndex);
  }

  #candidates({ partitionKey, partition }: KeyCondition, isIndex: boolean): WireItem[] {
    if (partitionKey !== (isIndex ? INDEX.partitionKey : 'pk')) return [];
    if (!isIndex) return [...(this.#partitions.get(partition)?.values() ?? [])];
    return this.items().filter((item) => plain(item[INDEX.partitionKey]) === partition);
  }
}

function page(found: readonly WireItem[], limit: number | undefined, isIndex: boolean): WireAnswer {
  let room = MOST_PAGE_BYTES;
  const Items: WireItem[] = [];
  for (const item of found) {
    if (Items.length > 0 && (room <= 0 || Items.length === limit)) break;
    room -= itemBytes(item);
    Items.push(isIndex ? projected(item) : item);
  }
  const last = found[Items.length - 1];
  if (last === undefined || Items.length === found.length) return answerOf({ Items, Count: Items.length });
  const { pk, sk, time_bucket, ingested_at } = last;
  const LastEvaluatedKey = isIndex ? { pk, sk, time_bucket, ingested_at } : { pk, sk };
  return answerOf({ Items, Count: Items.length, LastEvaluatedKey });
}

function projected(item: WireItem): WireItem {
  return Object.fromEntries(Object.entries(item).filter(([name]) => PROJECTED.includes(name)));
}

function indexOf(items: readonly WireItem[], key: string): number {
  return items.findIndex((item) => textOf(item) === key);
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function keyOf(key: Key): { pk: string; sk: string } {
  return { pk: String(plain(key.pk)), sk: String(plain(key.sk)) };
}

function textOf(key: Key = {}): string {
  const { pk, sk } = keyOf(key);
  return `${pk}\n${sk}`;
}

function invalid(message: string): WireAnswer {
  return errorAnswer(400, 'com.amazon.coral.validate#ValidationException', message);
}

const sizes = new WeakMap<WireItem, number>();

/** By DynamoDB's rules, rounded up. */
function itemBytes(item: WireItem): number {
  let bytes = sizes.get(item);
  if (bytes === undefined) {
    bytes = mapBytes(item);
    sizes.set(item, bytes);
  }
  return bytes;
}

function mapBytes(members: Readonly<Record<string, Attribute>>): number {
  let bytes = 0;
  for (const name in members) bytes += Buffer.byteLength(name) + attributeBytes(members[name]);
  return bytes;
}

function attributeBytes(attribute: Attribute | undefined): number {
  if (attribute === undefined) return 0;
  if ('S' in attribute) return Buffer.byteLength(attribute.S);
  if ('N' in attribute) return Math.ceil(attribute.N.length / 2) + 2;
  if ('B' in attribute) return Buffer.byteLength(attribute.B, 'base64');
  if ('NS' in attribute)
    return attribute.NS.reduce((sum, number) => sum + Math.ceil(number.length / 2) + 2, 0);
  if ('L' in attribute) return attribute.L.reduce((sum, element) => sum + 1 + attributeBytes(element), 3);
  if ('M' in attribute) return 3 + Object.keys(attribute.M).length + mapBytes(attribute.M);
  return 1;
}
