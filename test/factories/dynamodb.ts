import { Readable } from 'node:stream';
import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';

/** A document client without credentials or network, for the mock to stand on. */
export function documentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: 'eu-central-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
  );
}

/** The request that a document client with its default options would put on the wire for an item. */
export async function wireItem(item: object): Promise<Record<string, AttributeValue>> {
  let body = '';
  const requestHandler = {
    handle: (request: { body: unknown }) => {
      body = new TextDecoder().decode(request.body as Uint8Array);
      return Promise.resolve({ response: { statusCode: 200, headers: {}, body: Readable.from(['{}']) } });
    },
  };
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: requestHandler as never,
  });
  await DynamoDBDocumentClient.from(client).send(
    new PutCommand({ TableName: 'assessments', Item: item as Record<string, unknown> }),
  );
  return (JSON.parse(body) as { Item: Record<string, AttributeValue> }).Item;
}

/**
 * Size of an item by DynamoDB's rules, rounded up: names and strings in UTF-8, numbers at a byte for two
 * digits and one more, a byte for each element and three for each list or map.
 */
export function itemBytes(item: Readonly<Record<string, AttributeValue>>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 2;
  // On the wire it is base64.
  if (value.B !== undefined) return Buffer.byteLength(String(value.B), 'base64');
  if (value.L !== undefined) return 3 + value.L.reduce((sum, element) => sum + 1 + valueBytes(element), 0);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  return 1;
}

/** DynamoDB's limit for one item. */
export const MAX_ITEM_BYTES = 400 * 1024;
