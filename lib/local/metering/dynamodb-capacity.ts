import type { TableDefinition } from '../template/service-definition.ts';
import { readUnits, type WriteUnits, writeUnitsOfPut } from './capacity.ts';
import { type Item, itemSizeBytes } from './item-size.ts';

/** Units consumed by a DynamoDB request. */
export interface RequestUnits {
  readonly write: WriteUnits;
  readonly read: number;
}

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: unknown;
}

interface KeysAndAttributes {
  readonly Keys: readonly Item[];
  readonly ConsistentRead?: boolean;
}

// DynamoDB's JSON requests and responses, as far as they matter here.
interface RequestBody {
  readonly RequestItems?: Readonly<Record<string, readonly WriteRequest[] & KeysAndAttributes>>;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ExpressionAttributeValues?: Item;
  readonly ConsistentRead?: boolean;
}

interface ResponseBody {
  readonly Item?: Item;
  readonly Items?: readonly Item[];
  readonly Attributes?: Item;
  readonly Responses?: Readonly<Record<string, readonly Item[]>>;
  readonly UnprocessedItems?: Readonly<Record<string, readonly WriteRequest[]>>;
  readonly UnprocessedKeys?: Readonly<Record<string, KeysAndAttributes>>;
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number };
}

const NO_WRITES: WriteUnits = { table: 0, indexes: 0 };
const SMALLEST_WRITE: WriteUnits = { table: 1, indexes: 0 };

type UnitsOf = (request: RequestBody, response: ResponseBody, table: TableDefinition) => RequestUnits;

/**
 * The units of each operation that consumes any, from its request and its successful response.
 *
 * Approximate if neither has the data: a deletion without its old item counts one unit; an update counts the attributes
 * it sets, or the whole item if it is returned; a query with a filter or projection counts the returned items, unless
 * consumed capacity was requested. Unprocessed items are not charged.
 */
export const UNITS_BY_OPERATION: Readonly<Record<string, UnitsOf>> = {
  PutItem: (request, _, table) => writes([writeUnitsOfPut(request.Item ?? {}, table)]),
  UpdateItem: (request, response, table) =>
    writes([
      writeUnitsOfPut(
        { ...request.ExpressionAttributeValues, ...request.Key, ...response.Attributes },
        table,
      ),
    ]),
  DeleteItem: (_, response, table) =>
    writes([response.Attributes ? writeUnitsOfPut(response.Attributes, table) : SMALLEST_WRITE]),
  BatchWriteItem: (request, response, table) => {
    const left = new Set(
      flatten<WriteRequest>(response.UnprocessedItems).map((unprocessed) => JSON.stringify(unprocessed)),
    );
    return writes(
      flatten<WriteRequest>(request.RequestItems)
        .filter((write) => left.size === 0 || !left.has(JSON.stringify(write)))
        .map((write) => (write.PutRequest ? writeUnitsOfPut(write.PutRequest.Item, table) : SMALLEST_WRITE)),
    );
  },
  GetItem: (request, response) =>
    reads(response, () => readUnits(itemSizeBytes(response.Item ?? {}), request.ConsistentRead === true)),
  BatchGetItem: (request, response) => reads(response, () => unitsOfBatchGet(request, response)),
  Query: (request, response) => reads(response, () => unitsOfRange(request, response)),
  Scan: (request, response) => reads(response, () => unitsOfRange(request, response)),
};

/** A batch rounds each item up separately, and missing keys are charged too. */
function unitsOfBatchGet(request: RequestBody, response: ResponseBody): number {
  let units = 0;
  for (const [table, wanted] of Object.entries(request.RequestItems ?? {})) {
    const isConsistent = wanted.ConsistentRead === true;
    const found = response.Responses?.[table] ?? [];
    const unprocessed = response.UnprocessedKeys?.[table]?.Keys.length ?? 0;
    for (const item of found) units += readUnits(itemSizeBytes(item), isConsistent);
    units += (wanted.Keys.length - found.length - unprocessed) * readUnits(0, isConsistent);
  }
  return units;
}

/** A query or scan adds up its items' sizes before rounding. */
function unitsOfRange(request: RequestBody, response: ResponseBody): number {
  const bytes = (response.Items ?? []).reduce((sum, item) => sum + itemSizeBytes(item), 0);
  return readUnits(bytes, request.ConsistentRead === true);
}

function writes(units: readonly WriteUnits[]): RequestUnits {
  const total = units.reduce(
    (sum, one) => ({ table: sum.table + one.table, indexes: sum.indexes + one.indexes }),
    NO_WRITES,
  );
  return { write: total, read: 0 };
}

function reads(response: ResponseBody, estimate: () => number): RequestUnits {
  return { write: NO_WRITES, read: response.ConsumedCapacity?.CapacityUnits ?? estimate() };
}

function flatten<Entry>(byTable: Readonly<Record<string, readonly Entry[]>> = {}): Entry[] {
  return Object.values(byTable).flat();
}
